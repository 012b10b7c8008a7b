using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Drover.Commands;

namespace Drover;

/// <summary>The program's commands, and how each ends.</summary>
internal static class CommandLine
{
    public static async Task<int> Run(string[] args, Terminal terminal)
    {
        var root = new RootCommand("Moves live libvirt/KVM guests between hosts, and makes sure that every move ends.")
        {
            MigrateCommand.Create(terminal),
            ListCommand.Create(terminal),
            ShowCommand.Create(terminal),
            CancelCommand.Create(terminal),
            ResolveCommand.Create(terminal),
            HostsCommand.Create(terminal),
            QueuesCommand.Create(terminal),
            SchemaCommand.Create(terminal),
            CoordinatorCommand.Create(),
            AgentCommand.Create(),
            ApiCommand.Create(),
            StandaloneCommand.Create(terminal),
            DemoCommand.Create(terminal),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors is [var error, ..] && parsed.Action is not HelpAction)
            return await Fail(terminal, Exit.Usage, $"{error.Message} \"{Name(parsed.CommandResult)} --help\" tells how.");
        try
        {
            // Roles and client commands handle SIGTERM and Ctrl-C themselves, so the library must not.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (ExitException exit)
        {
            return await Fail(terminal, exit.Code, exit.Message);
        }
    }

    private static string Name(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{Name(parent)} {command.Command.Name}" : "drover";

    private static async Task<int> Fail(Terminal terminal, int code, string sentence)
    {
        await terminal.Error.WriteLineAsync($"drover: {sentence}");
        return code;
    }
}
