using Drover.Testing;
using System.Diagnostics;

namespace Drover.Standalone.Tests;

public sealed class When_the_demo_is_shown : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("drover-demo-test-").FullName;

    [Fact]
    public async Task It_goes_as_told_says_so_in_plain_lines_and_leaves_nothing_behind()
    {
        var start = new ProcessStartInfo(DroverProcess.Today, ["demo"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = folder;
        using var demo = Process.Start(start)!;
        var error = demo.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var told = await demo.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(StandaloneProcess.Patience, TestContext.Current.CancellationToken);
        await demo.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", await error);
        Assert.True(demo.ExitCode == 0, told);
        Assert.StartsWith("Drover runs at http://127.0.0.1:", told, StringComparison.Ordinal);
        Assert.Contains("4 moves were asked for, and each ended once, as told", told, StringComparison.Ordinal);
        Assert.Matches("batch +host-b +host-c +cancelled", told);
        Assert.Contains("out:host-a 2/2", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', told);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
