using System.CommandLine;
using Drover.Demo;

namespace Drover.Commands;

/// <summary><c>drover demo</c>.</summary>
internal static class DemoCommand
{
    public static Command Create(Terminal terminal)
    {
        var keep = new Option<bool>("--keep") { Description = "Goes on after the story, until Ctrl-C, to play with." };
        var command = new Command("demo", "Shows Drover at work on simulated hosts, in this terminal and this process: about fifteen seconds.") { keep };
        command.SetAction((parsed, _) => DemoProgram.Run(terminal, parsed.GetValue(keep)));
        return command;
    }
}
