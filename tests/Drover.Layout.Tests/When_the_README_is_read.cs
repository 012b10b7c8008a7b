using System.Text.RegularExpressions;

namespace Drover.Layout.Tests;

public partial class When_the_README_is_read
{
    private static readonly string Readme = Repository.File("README.md");

    [Fact]
    public void Its_client_snippet_is_the_one_that_a_test_runs()
    {
        var source = File.ReadAllText(Repository.File("tests", "Drover.Bus.Tests", "When_a_NET_client_brings_its_own_MassTransit.cs"));
        var lines = Between(source, "// readme: begin\n", "            // readme: end").Split('\n', StringSplitOptions.None);
        var code = string.Join('\n', lines.Select(line => line.Length > 12 ? line[12..] : line.Trim())).TrimEnd();
        var text = File.ReadAllText(Readme);
        const string Begin = "<!-- client snippet: generated from tests/Drover.Bus.Tests/When_a_NET_client_brings_its_own_MassTransit.cs -->\n";
        const string End = "<!-- end of client snippet -->";
        var expected = $"```csharp\n{code}\n```\n";
        if (Between(text, Begin, End) == expected)
            return;
        if (Environment.GetEnvironmentVariable("DROVER_ACCEPT") != "1")
            Assert.Fail("README.md's client snippet differs from the test that runs it: run the tests once with DROVER_ACCEPT=1 and look at the difference.");
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        File.WriteAllText(Readme, text[..from] + expected + text[text.IndexOf(End, StringComparison.Ordinal)..]);
    }

    [Fact]
    public void Every_link_into_the_repository_leads_somewhere() =>
        Assert.All(Link().Matches(File.ReadAllText(Readme)).Select(match => match.Groups[1].Value).Where(link => !link.StartsWith("http", StringComparison.Ordinal)),
            link => Assert.True(Path.Exists(Repository.File(link)), $"README.md links to {link}, which is not there"));

    [Fact]
    public void Every_project_is_on_its_map()
    {
        var text = File.ReadAllText(Readme);
        Assert.All(Directory.EnumerateDirectories(Repository.File("src")), project => Assert.Contains($"`src/{Path.GetFileName(project)}`", text, StringComparison.Ordinal));
    }

    private static string Between(string text, string begin, string end)
    {
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        Assert.True(from >= 0, $"\"{begin.Trim()}\" is missing");
        from += begin.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();
}
