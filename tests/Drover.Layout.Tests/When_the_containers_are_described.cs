using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Drover.Layout.Tests;

/// <summary>No container engine runs here: docker-compose.yml and the Containerfile are read, and what a reader can check is checked.</summary>
public partial class When_the_containers_are_described
{
    private static readonly Dictionary<object, object> Compose = Read();

    private static readonly string[] Names = [.. Part(Compose, "services").Keys.Cast<string>()];

    public static TheoryData<string> Services => [.. Names];

    [Theory]
    [MemberData(nameof(Services))]
    public void Each_service_is_built_here_or_has_a_pinned_image(string name)
    {
        var service = Service(name);
        if (service.TryGetValue("build", out var build))
        {
            var file = Path.Combine(Repository.Root, (string)((Dictionary<object, object>)build)["context"], (string)((Dictionary<object, object>)build)["dockerfile"]);
            Assert.True(File.Exists(file), file);
        }
        Assert.Matches(Pinned(), (string)service["image"]);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Each_service_says_how_its_health_is_seen_unless_it_ends_by_itself(string name)
    {
        var endsByItself = Names.Any(other => DependsOn(other).Any(on => on == (name, "service_completed_successfully")));
        Assert.Equal(!endsByItself, Service(name).ContainsKey("healthcheck"));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Each_condition_names_a_service_that_can_meet_it(string name) =>
        Assert.All(DependsOn(name), on =>
        {
            Assert.Contains(on.Service, Names);
            Assert.Contains(on.Condition, (string[])["service_healthy", "service_completed_successfully"]);
            Assert.Equal(on.Condition == "service_healthy", Service(on.Service).ContainsKey("healthcheck"));
        });

    [Theory]
    [MemberData(nameof(Services))]
    public void No_secret_stands_in_the_file_and_each_one_that_is_used_is_declared(string name)
    {
        var environment = Service(name).TryGetValue("environment", out var settings) ? (Dictionary<object, object>)settings : [];
        Assert.DoesNotContain(environment.Keys.Cast<string>(), key => SecretName().IsMatch(key) && !key.EndsWith("File", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(environment.Values.Cast<string>(), value => Regex.IsMatch(value, "://[^/@]*:[^/@]*@|[Pp]assword="));
        var used = Service(name).TryGetValue("secrets", out var secrets) ? ((List<object>)secrets).Cast<string>() : [];
        Assert.All(used, secret => Assert.Contains(secret, Part(Compose, "secrets").Keys));
    }

    [Fact]
    public void The_Containerfile_pins_what_it_is_built_from() =>
        Assert.All(
            File.ReadLines(Path.Combine(Repository.Root, "infra/Containerfile")).Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)),
            line => Assert.Matches(Pinned(), line.Split(' ')[1]));

    // A tag with at least two numbers: "latest" and "3" move under one's feet.
    [GeneratedRegex(@"^[^:@\s]+:\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$")]
    private static partial Regex Pinned();

    [GeneratedRegex("password|secret|token|key", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    private static Dictionary<object, object> Read()
    {
        var parser = new MergingParser(new Parser(new StringReader(File.ReadAllText(Path.Combine(Repository.Root, "docker-compose.yml")))));
        return new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(parser);
    }

    private static Dictionary<object, object> Part(object of, string key) => (Dictionary<object, object>)((Dictionary<object, object>)of)[key];

    private static Dictionary<object, object> Service(string name) => Part(Part(Compose, "services"), name);

    private static IEnumerable<(string Service, string Condition)> DependsOn(string name) =>
        Service(name).TryGetValue("depends_on", out var on)
            ? ((Dictionary<object, object>)on).Select(one => ((string)one.Key, (string)((Dictionary<object, object>)one.Value)["condition"]))
            : [];
}
