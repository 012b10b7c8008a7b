using System.CommandLine;
using System.Data.Common;
using Drover.Scheduling;
using Drover.Settings;
using Drover.Store;
using Drover.Store.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Drover.Commands;

/// <summary><c>drover schema apply</c> and <c>drover schema show</c>: the database's schema, straight from the settings; no API is asked.</summary>
internal static class SchemaCommand
{
    public static Command Create(Terminal terminal) => new("schema", "Brings the database's schema up to this program's, or shows where it stands.")
    {
        Verb("apply", "Applies what is missing. Safe to repeat, and safe when two start at once.", (db, store, cancellationToken) => Apply(db, store, terminal, cancellationToken)),
        Verb("show", "Shows what is applied and what is missing; exit code 1 when something is.", (db, store, cancellationToken) => Show(db, store, terminal, cancellationToken)),
    };

    private static Command Verb(string name, string description, Func<DroverDbContext, StoreOptions, CancellationToken, Task<int>> run)
    {
        var config = Settable.Config();
        var command = new Command(name, description) { config };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var store = SettingsFile.Read(parsed.GetValue(config)).Section<StoreOptions>("Store");
            var services = new ServiceCollection().AddDroverStore(store);
            await using var provider = services.BuildServiceProvider();
            await using var scope = provider.CreateAsyncScope();
            try
            {
                return await run(scope.ServiceProvider.GetRequiredService<DroverDbContext>(), store, cancellationToken);
            }
            catch (Exception error) when ((error as DbException ?? error.InnerException as DbException) is { } away)
            {
                throw new ExitException(Exit.NoConnection, $"The database does not answer as Store:ConnectionString says: {away.Message}");
            }
        });
        return command;
    }

    private static async Task<int> Apply(DroverDbContext db, StoreOptions store, Terminal terminal, CancellationToken cancellationToken)
    {
        var applied = (await db.ApplySchema(cancellationToken)).ToList();
        if (await SchedulerSchema.Apply(store, cancellationToken))
            applied.Add(SchedulerSchema.Name);
        foreach (var step in applied)
            await terminal.Out.WriteLineAsync($"applied  {step}");
        if (applied.Count == 0)
            await terminal.Out.WriteLineAsync("The schema is up to date: nothing to apply.");
        return Exit.Done;
    }

    private static async Task<int> Show(DroverDbContext db, StoreOptions store, Terminal terminal, CancellationToken cancellationToken)
    {
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        var missing = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        (await SchedulerSchema.IsApplied(store, cancellationToken) ? applied : missing).Add(SchedulerSchema.Name);
        foreach (var step in applied)
            await terminal.Out.WriteLineAsync($"applied  {step}");
        foreach (var step in missing)
            await terminal.Out.WriteLineAsync($"missing  {step}");
        return missing.Count == 0 ? Exit.Done : Exit.Failed;
    }
}
