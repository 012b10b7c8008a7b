using System.CommandLine;
using Drover.Roles;
using Drover.Sites;

namespace Drover.Commands;

/// <summary><c>drover standalone --config FILE</c>.</summary>
internal static class StandaloneCommand
{
    public static Command Create(Terminal terminal)
    {
        var config = new Option<FileInfo?>("--config") { Description = "The site: a YAML file that names the hosts, with a libvirt or simulated.", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "The folder that keeps everything. Wins over the file's \"data\".", HelpName = "FOLDER" };
        var listen = new Option<string?>("--listen") { Description = "Where the API listens, on this machine. Wins over the file's \"listen\"; port 0 takes a free one.", HelpName = "ADDRESS" };
        var example = new Option<bool>("--example") { Description = "Prints a file to begin with, and ends." };
        var command = new Command("standalone", "Runs everything in one process: coordinator, API and the agents of all hosts. Nothing else is needed.") { config, data, listen, example };
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(example))
            {
                await terminal.Out.WriteAsync(SiteFile.Example);
                return Exit.Done;
            }
            var file = parsed.GetValue(config)
                ?? throw new ExitException(Exit.Usage, "standalone needs to know its hosts: write \"drover standalone --example > drover.yaml\", edit that, and start with \"--config drover.yaml\".");
            return await StandaloneRole.Run(Over(SiteFile.Read(file), parsed.GetValue(data), parsed.GetValue(listen)));
        });
        return command;
    }

    private static Site Over(Site site, string? data, string? listen) => site with
    {
        Data = data is null ? site.Data : Path.GetFullPath(data),
        Listen = listen is null ? site.Listen : SiteReader.ListenAddress(listen) ?? throw new ExitException(Exit.Usage, SiteReader.NoAddress("--listen", listen)),
    };
}
