namespace Drover.Api.Tests.Cli;

/// <summary>Runs a command in this process, its output piped: no terminal.</summary>
internal static class Run
{
    public static async Task<(int Exit, string Out, string Error)> Drover(params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exit = await CommandLine.Run(args, new Terminal { Out = output, Error = error, Live = false, Colour = false });
        return (exit, output.ToString(), error.ToString());
    }
}
