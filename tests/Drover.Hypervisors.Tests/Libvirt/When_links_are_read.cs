using Drover.Hypervisors.Libvirt;

namespace Drover.Hypervisors.Tests.Libvirt;

public sealed class When_links_are_read : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("drover-links-").FullName;

    [Fact]
    public void They_come_in_the_kernels_order_without_the_loopback()
    {
        Link("lo", index: 1, speed: null, state: "unknown");
        Link("eth1", index: 10, speed: "1000", state: "up");
        Link("eth0", index: 9, speed: "-1", state: "down");
        Link("bond0", index: 2, speed: null, state: "up");
        Assert.Equal([new("bond0", null, true), new("eth0", null, false), new LinkFacts("eth1", 1_000, true)], HostLinks.Read(_root));
    }

    [Fact]
    public void This_machines_are_read_without_an_error() => Assert.DoesNotContain(HostLinks.Read(), link => link.Name == "lo");

    [Fact]
    public void A_machine_without_sysfs_has_none() => Assert.Empty(HostLinks.Read(Path.Combine(_root, "none")));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Link(string name, int index, string? speed, string state)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "ifindex"), $"{index}\n");
        File.WriteAllText(Path.Combine(folder, "operstate"), $"{state}\n");
        if (speed is not null)
        {
            File.WriteAllText(Path.Combine(folder, "speed"), $"{speed}\n");
        }
    }
}
