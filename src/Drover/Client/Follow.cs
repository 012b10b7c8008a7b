using System.Diagnostics;
using Drover.Contracts.Views;
using Spectre.Console;

namespace Drover.Client;

/// <summary>Watches a migration until it has ended: a bar on a terminal, a line at each step elsewhere.</summary>
internal sealed class Follow(DroverClient api, Terminal terminal, bool quiet)
{
    private static readonly TimeSpan _every = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _lineEvery = TimeSpan.FromSeconds(5);

    /// <summary>How long the API may be away before the watching ends; the migration does not need it.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Stopwatch waited = Stopwatch.StartNew();
    private TimeSpan answered;
    private string? step;
    private TimeSpan lineAt;

    /// <summary>The migration as it ended. A command that was rejected after it had been accepted ends the program.</summary>
    public async Task<Answer<MigrationDetail>> UntilEnded(Guid migrationId, CancellationToken cancellationToken)
    {
        if (quiet || !terminal.Live)
            return await Watch(migrationId, quiet ? _ => { } : Line, cancellationToken);
        var console = Bar.Console(terminal);
        Answer<MigrationDetail>? end = null;
        await console.Live(new Text("")).AutoClear(true).StartAsync(async live =>
            end = await Watch(migrationId, look => live.UpdateTarget(Bar.Of(look, console.Profile.Width)), cancellationToken));
        return end!;
    }

    private async Task<Answer<MigrationDetail>> Watch(Guid migrationId, Action<Look> show, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_every);
        do
        {
            try
            {
                var detail = await api.Get<MigrationDetail>($"v1/migrations/{migrationId}", cancellationToken);
                answered = waited.Elapsed;
                if (detail.Value.Migration.EndedAt is not null)
                    return detail;
                show(Look.At(detail.Value.Migration, waited.Elapsed));
            }
            catch (ExitException error) when (error.Code == Exit.NotFound)
            {
                answered = waited.Elapsed;
                show(Look.Accepted(waited.Elapsed));
            }
            catch (ExitException error) when (error.Code == Exit.NoConnection)
            {
                if (waited.Elapsed - answered > _patience)
                    throw new ExitException(Exit.NoConnection, $"{error.Message} The migration goes on without it; \"drover show {migrationId}\" shows it later.");
                show(new Look("no answer", 0, [error.Message]));
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
        throw new UnreachableException();
    }

    private void Line(Look look)
    {
        if (look.Step == step && waited.Elapsed - lineAt < _lineEvery)
            return;
        (step, lineAt) = (look.Step, waited.Elapsed);
        terminal.Out.WriteLine($"{look.State} {look.Percent}%  {string.Join("  ", look.Facts)}");
        terminal.Out.Flush();
    }
}
