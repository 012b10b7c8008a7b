using System.Xml.Linq;

namespace Drover.Layout.Tests;

/// <summary>The one rule of the house: a reference goes down a level, never sideways (but for what the table names), never up.</summary>
public class When_the_house_is_walked_through
{
    // Project: what it may reference. A line here is a decision; README's map says the same in words.
    private static readonly Dictionary<string, string[]> May = new()
    {
        ["Drover.Contracts"] = [],
        ["Drover.Policy"] = [],
        ["Drover.Libvirt"] = [],
        ["Drover.Bus"] = ["Drover.Contracts", "MassTransit", "MassTransit.RabbitMQ"],
        ["Drover.Store"] =
        [
            "Drover.Contracts", "MassTransit", "Microsoft.EntityFrameworkCore.Relational", "Microsoft.EntityFrameworkCore.Sqlite", "Npgsql.EntityFrameworkCore.PostgreSQL",
        ],
        ["Drover.Scheduling"] = ["Drover.Bus", "Drover.Store", "Microsoft.AspNetCore.App", "Quartz"],
        ["Drover.Hypervisors"] = ["Drover.Libvirt", "Drover.Policy"],
        ["Drover.Coordinator"] = ["Drover.Bus", "Drover.Contracts", "Drover.Policy", "Drover.Store", "Microsoft.AspNetCore.App"],
        ["Drover.Agent"] = ["Drover.Bus", "Drover.Contracts", "Drover.Hypervisors", "Drover.Policy", "Microsoft.AspNetCore.App"],
        ["Drover.Api"] = ["Drover.Bus", "Drover.Contracts", "Drover.Store", "Microsoft.AspNetCore.App"],
        ["Drover.Simulation"] =
        [
            "Drover.Agent", "Drover.Bus", "Drover.Contracts", "Drover.Coordinator", "Drover.Hypervisors", "Drover.Policy", "Drover.Store", "Microsoft.AspNetCore.App",
        ],
        ["Drover"] =
        [
            "Drover.Agent", "Drover.Api", "Drover.Coordinator", "Drover.Scheduling", "Microsoft.AspNetCore.App", "Microsoft.Extensions.Hosting.Systemd",
            "Serilog.AspNetCore", "Serilog.Sinks.Console", "Spectre.Console", "System.CommandLine", "YamlDotNet",
        ],
    };

    public static TheoryData<string> Projects => [.. ProjectFiles().Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Each_project_references_what_the_table_allows_and_nothing_else(string project)
    {
        Assert.True(May.ContainsKey(project), $"{project} is not in the table: say there what it may reference");
        Assert.Equal(May[project].Order(), References(Load(project)).Order());
    }

    [Fact]
    public void The_table_names_no_project_that_is_not_there() =>
        Assert.Equal(May.Keys.Order(), ProjectFiles().Select(file => Path.GetFileNameWithoutExtension(file)).Order());

    [Fact]
    public void Unsafe_code_has_one_address() =>
        Assert.Equal(["Drover.Libvirt"], ProjectFiles().Where(file => File.ReadAllText(file).Contains("AllowUnsafeBlocks", StringComparison.Ordinal)).Select(file => Path.GetFileNameWithoutExtension(file)));

    [Fact]
    public void MassTransit_stays_on_its_last_free_version()
    {
        var packages = XDocument.Load(Path.Combine(Root, "Directory.Packages.props"));
        var pins = packages.Descendants("PackageVersion").Where(p => p.Attribute("Include")!.Value.StartsWith("MassTransit", StringComparison.Ordinal)).Select(p => p.Attribute("Version")!.Value);
        Assert.All(pins, pin => Assert.Equal("[8.5.12]", pin));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Root, "Workers.sln"));
        var all = Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories).Where(file => !file.Contains("/artifacts/", StringComparison.Ordinal));
        Assert.All(all, file => Assert.Contains(Path.GetFileName(file), solution, StringComparison.Ordinal));
    }

    [Fact]
    public void No_name_says_that_a_thing_has_no_home()
    {
        string[] homeless = ["Common", "Core", "Shared", "Utils", "Helpers", "Manager", "Infrastructure"];
        var names = Directory.EnumerateFileSystemEntries(Path.Combine(Root, "src"), "*", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension);
        Assert.DoesNotContain(names, name => homeless.Any(word => name!.EndsWith(word, StringComparison.Ordinal)));
    }

    private static string Root => Repository.Root;

    private static IEnumerable<string> ProjectFiles() =>
        new[] { "src", "contracts" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories));

    private static XDocument Load(string project) => XDocument.Load(ProjectFiles().Single(file => Path.GetFileNameWithoutExtension(file) == project));

    // What is private to the build (analyzers, design-time tools) is no reference of the program.
    private static IEnumerable<string> References(XDocument project) =>
        from reference in project.Descendants()
        where reference.Name.LocalName is "ProjectReference" or "PackageReference" or "FrameworkReference"
        where reference.Attribute("PrivateAssets")?.Value != "all"
        let include = reference.Attribute("Include")!.Value
        select reference.Name.LocalName == "ProjectReference" ? Path.GetFileNameWithoutExtension(include) : include;
}
