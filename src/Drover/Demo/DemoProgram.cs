using Drover.Client;
using Drover.Logging;
using Drover.Roles;
using Drover.Standalone;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Serilog;

namespace Drover.Demo;

/// <summary><c>drover demo</c>: a standalone program on simulated hosts in a folder of its own, and a client that plays on it.</summary>
internal static class DemoProgram
{
    /// <summary>Runs it. Exit code 0 when the story went as told.</summary>
    public static async Task<int> Run(Terminal terminal, bool keep)
    {
        var path = Directory.CreateTempSubdirectory("drover-demo-").FullName;
        var logFile = Path.Combine(path, "drover.log");
        var code = Exit.Failed;
        try
        {
            await using var log = new LoggerConfiguration().MinimumLevel.Override("Microsoft", Serilog.Events.LogEventLevel.Warning)
                .MinimumLevel.Override("MassTransit", Serilog.Events.LogEventLevel.Warning).WriteTo.File(new LineFormatter(), logFile).CreateLogger();
            using var folder = DataFolder.Take(path);
            await using var program = StandaloneProgram.Build(DemoSite.In(path), folder, builder => Role.Prepare("demo", builder, new ConfigurationBuilder().AddInMemoryCollection().Build(), log));
            await StandaloneProgram.Prepare(program);
            await program.StartAsync();
            code = await Play(terminal, program, keep);
            await program.StopAsync();
        }
        finally
        {
            if (code == Exit.Failed)
                await terminal.Error.WriteLineAsync($"drover: what it did is in {logFile}");
            else
                Directory.Delete(path, recursive: true);
        }
        return code;
    }

    private static async Task<int> Play(Terminal terminal, WebApplication program, bool keep)
    {
        var server = StandaloneProgram.Address(program);
        await terminal.Out.WriteLineAsync(
            $"""
            Drover runs at {server}, in this process, with three simulated hosts.
            Four guests are asked to move while they run: web, an easy one; db, which writes
            much and takes many passes; batch, which writes faster than its link carries and
            is cancelled; and mail, which waits, for at most two leave a host at once.

            """);
        using var api = new DroverClient(server);
        var story = new Story(api);
        var stopping = program.Lifetime.ApplicationStopping;
        try
        {
            await story.Begin(stopping);
            await new Screen(terminal, story).Show(stopping);
            var code = await Summary.Write(terminal, story);
            await terminal.Out.WriteLineAsync();
            await (keep ? PlayOn(terminal, server, stopping) : Farewell(terminal));
            return code;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return Exit.Interrupted;
        }
    }

    private static async Task PlayOn(Terminal terminal, string server, CancellationToken stopping)
    {
        await terminal.Out.WriteLineAsync(
            $"""
            It goes on until Ctrl-C. In another terminal:
              export DROVER_SERVER={server}
              PATH={AppContext.BaseDirectory.TrimEnd('/')}:$PATH
              drover hosts
              drover list
              drover migrate batch --to host-a --wait
            """);
        await terminal.Out.FlushAsync(CancellationToken.None);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var ctrlC = stopping.Register(() => end.TrySetResult());
        await end.Task;
    }

    private static Task Farewell(Terminal terminal) => terminal.Out.WriteLineAsync(
        """
        "drover demo --keep" leaves it running to play with; "drover standalone --example > drover.yaml" begins a site of your own.
        """);
}
