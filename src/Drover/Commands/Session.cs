using System.CommandLine;
using System.Runtime.InteropServices;
using Drover.Client;

namespace Drover.Commands;

/// <summary>What a client command works with: the API that it talks to, and where it writes.</summary>
internal sealed record Session(DroverClient Api, Terminal Terminal, bool Json)
{
    /// <summary>Gives a command <c>--server</c> and <c>--json</c>, and what it does with them. Ctrl-C ends the watching, never the migration.</summary>
    public static Command Command(string name, string description, Terminal terminal, Func<ParseResult, Session, CancellationToken, Task<int>> run)
    {
        var server = new Option<string>("--server")
        {
            Description = "Where the API is. The variable DROVER_SERVER gives another default.",
            HelpName = "URL",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("DROVER_SERVER") is { Length: > 0 } named ? named : DroverClient.DefaultServer,
        };
        var json = new Option<bool>("--json") { Description = "Prints the API's own JSON." };
        var command = new Command(name, description) { server, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var ctrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Interrupt(signal, interrupted));
            using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Interrupt(signal, interrupted));
            using var api = new DroverClient(parsed.GetValue(server)!);
            try
            {
                return await run(parsed, new Session(api, terminal, parsed.GetValue(json)), interrupted.Token);
            }
            catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
            {
                throw new ExitException(Exit.Interrupted, "Interrupted; what was accepted goes on: \"drover list\" shows it.");
            }
        });
        return command;
    }

    /// <summary>Prints an answer as it came, or as the command writes it.</summary>
    public async Task Print<T>(Answer<T> answer, Func<T, Task> write)
    {
        if (Json)
            await Terminal.Out.WriteLineAsync(answer.Json);
        else
            await write(answer.Value);
    }

    private static void Interrupt(PosixSignalContext signal, CancellationTokenSource interrupted)
    {
        signal.Cancel = true;
        interrupted.Cancel();
    }
}
