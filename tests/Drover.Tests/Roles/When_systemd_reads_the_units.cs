using System.Diagnostics;
using Drover.Testing;

namespace Drover.Tests.Roles;

public sealed class When_systemd_reads_the_units
{
    private static readonly string Folder = Repository.File("infra", "systemd");

    public static TheoryData<string> Roles => ["coordinator", "agent", "api", "standalone"];

    [Fact]
    public void Each_role_has_one() =>
        Assert.Equal(Roles.Select(role => $"drover-{role.Data}.service").Order(), Directory.GetFiles(Folder).Select(Path.GetFileName).Order());

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Its_command_is_one_that_the_program_takes(string role)
    {
        var command = Setting(role, "ExecStart");
        Assert.StartsWith($"/opt/drover/drover {role} --config /etc/drover/", command, StringComparison.Ordinal);
        var (code, output) = await Run(DroverProcess.Today, [.. command.Split(' ')[1..], "--help"]);
        Assert.True(code == 0, output);
        Assert.DoesNotContain("Unrecognized", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void It_notifies_is_watched_and_is_started_again(string role)
    {
        Assert.Equal("notify", Setting(role, "Type"));
        Assert.Equal("always", Setting(role, "Restart"));
        Assert.Equal($"{Exit.Usage}", Setting(role, "RestartPreventExitStatus"));
        Assert.InRange(int.Parse(Setting(role, "WatchdogSec")), 10, 120);
        Assert.InRange(int.Parse(Setting(role, "TimeoutStopSec")), 6, 30);
    }

    [Fact]
    public async Task Systemd_finds_no_fault_in_them()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed");
        // The program is where it was built, not where an installation has it.
        var folder = Directory.CreateTempSubdirectory("drover-units-");
        try
        {
            var units = Roles.Select(role => Path.Combine(folder.FullName, $"drover-{role.Data}.service")).ToArray();
            foreach (var unit in units)
            {
                await File.WriteAllTextAsync(
                    unit, (await File.ReadAllTextAsync(Path.Combine(Folder, Path.GetFileName(unit)), TestContext.Current.CancellationToken)).Replace("/opt/drover/drover", DroverProcess.Today, StringComparison.Ordinal),
                    TestContext.Current.CancellationToken);
            }
            var (code, output) = await Run("/usr/bin/systemd-analyze", ["verify", "--man=no", "--recursive-errors=no", .. units]);
            Assert.True(code == 0 && output.Length == 0, $"exit code {code}\n{output}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Setting(string role, string name) =>
        File.ReadLines(Path.Combine(Folder, $"drover-{role}.service")).Single(line => line.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    private static async Task<(int Code, string Output)> Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await errors);
    }
}
