using System.Diagnostics;
using Drover.Testing;

namespace Drover.Simulation.Tests;

/// <summary>tests/planted-bugs finds them; here they are only kept from going stale.</summary>
public class When_bugs_are_planted
{
    public static TheoryData<string> Patches =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests/Drover.Simulation.Tests/Planted"), "*.patch").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Patches))]
    public async Task Each_still_fits_the_code(string patch)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["apply", "--check", $"tests/Drover.Simulation.Tests/Planted/{patch}"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardError = true,
        })!;
        var said = await git.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(git.ExitCode == 0, $"{patch} does not apply any more: plant its bug anew. git says: {said}");
    }
}
