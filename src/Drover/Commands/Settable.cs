using System.CommandLine;

namespace Drover.Commands;

/// <summary>The option of everything that reads settings.</summary>
internal static class Settable
{
    public static Option<FileInfo?> Config() => new("--config")
    {
        Description = "Settings: a JSON file with the sections Store, Bus, Coordinator, Agent, Libvirt, Api and Log. Variables such as DROVER_Store__ConnectionString win over it.",
        HelpName = "FILE",
    };

    /// <summary>A command that runs a role until it is told to stop.</summary>
    public static Command Role(string name, string description, Func<FileInfo?, Task<int>> run)
    {
        var config = Config();
        var command = new Command(name, description) { config };
        command.SetAction((parsed, _) => run(parsed.GetValue(config)));
        return command;
    }
}
