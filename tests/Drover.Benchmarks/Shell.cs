using System.Diagnostics;

namespace Drover.Benchmarks;

/// <summary>Runs other programs.</summary>
internal static class Shell
{
    /// <summary>Runs a program to its end and returns what it printed; throws with that if it failed.</summary>
    public static async Task<string> Run(IReadOnlyDictionary<string, string> environment, string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(Describe(program, arguments, environment))!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}{await output}");
    }

    public static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }
}
