using System.Data.Common;
using System.Net.Sockets;
using Drover.Health;
using Drover.Hypervisors.Simulated;
using Drover.Logging;
using Drover.Settings;
using Drover.Store;
using Drover.Store.Schema;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Serilog;

namespace Drover.Roles;

/// <summary>What every role does alike: settings, log, systemd, an orderly end, and one sentence when it cannot start.</summary>
internal static class Role
{
    /// <summary>An orderly stop has this long; service managers and tests are promised five seconds for the whole.</summary>
    private static readonly TimeSpan _stopTime = TimeSpan.FromSeconds(3.5);

    /// <summary>Runs a role until it is told to stop.</summary>
    /// <param name="name">The role's name.</param>
    /// <param name="file">Its settings.</param>
    /// <param name="build">Makes its host, from a builder that has the settings and the log.</param>
    /// <param name="needsSchema">Whether it must not begin on a database whose schema is older than the program.</param>
    public static Task<int> Run(string name, FileInfo? file, Func<IConfiguration, Action<IHostApplicationBuilder>, IHost> build, bool needsSchema) =>
        Run(name, SettingsFile.Read(file), build, needsSchema ? RequireSchema : _ => Task.CompletedTask);

    /// <summary>Runs a role until it is told to stop.</summary>
    /// <param name="name">The role's name.</param>
    /// <param name="configuration">Its settings.</param>
    /// <param name="build">Makes its host, from a builder that has the settings and the log.</param>
    /// <param name="beforeStart">What is done between the two.</param>
    public static async Task<int> Run(
        string name, IConfiguration configuration, Func<IConfiguration, Action<IHostApplicationBuilder>, IHost> build, Func<IHost, Task> beforeStart)
    {
        await using var log = new RoleLog(configuration.Section<LogOptions>("Log"), name);
        try
        {
            using var host = build(configuration, builder => Prepare(name, builder, configuration, log.Logger));
            await beforeStart(host);
            if (await Start(host))
            {
                Log.Started(log.Logger, name, typeof(Role).Assembly.GetName().Version!);
                await host.WaitForShutdownAsync();
            }
            Log.Stopped(log.Logger, name);
            return Exit.Done;
        }
        catch (Exception error) when (Sentence(error) is { } sentence)
        {
            throw new ExitException(sentence.Code, sentence.Text);
        }
        catch (Exception error)
        {
            Log.Fell(log.Logger, error, name);
            return Exit.Failed;
        }
    }

    /// <summary>False when it was told to stop before it had started: whatever that interrupted is no fault.</summary>
    private static async Task<bool> Start(IHost host)
    {
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.StartAsync();
            return true;
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        catch
        {
            await StopWhatHasStarted(host);
            throw;
        }
    }

    /// <summary>What has started works on while the container is taken from under it, and complains. Why the start failed is what matters.</summary>
    private static async Task StopWhatHasStarted(IHost host)
    {
        try
        {
            await host.StopAsync();
        }
        catch (Exception)
        {
            // Nor is it a fault that what has not started cannot be stopped.
        }
    }

    private static async Task RequireSchema(IHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DroverDbContext>().RequireSchema(CancellationToken.None);
    }

    /// <summary>Gives a builder the settings, the log and an orderly end.</summary>
    public static void Prepare(string name, IHostApplicationBuilder builder, IConfiguration configuration, ILogger log)
    {
        builder.Configuration.AddConfiguration(configuration);
        builder.Services.AddSerilog(log);
        builder.AddHealth(name, configuration);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = _stopTime);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
    }

    // What an operator can put right is told in a sentence; everything else is a fault of ours and is logged whole.
    private static (int Code, string Text)? Sentence(Exception error) => error switch
    {
        WorldFileException world => (Exit.Usage, world.Message),
        ExitException exit => (exit.Code, exit.Message),
        OptionsValidationException options => (Exit.Usage, string.Join(" ", options.Failures)),
        SchemaOutdatedException outdated => (Exit.Usage, outdated.Message),
        IOException { InnerException: AddressInUseException } => (Exit.Usage, error.Message),
        MassTransit.ConnectionException => (Exit.NoConnection, $"The broker does not answer as Bus:Url says: {error.Message}"),
        _ when error.GetType().Namespace?.StartsWith("RabbitMQ", StringComparison.Ordinal) == true => (Exit.NoConnection, $"The broker does not answer as Bus:Url says: {error.Message}"),
        DbException or SocketException => (Exit.NoConnection, $"The database does not answer: {error.Message}"),
        { InnerException: { } inner } => Sentence(inner),
        _ => null,
    };
}
