using System.ComponentModel.DataAnnotations;
using System.Net;
using Drover.Agent;
using Drover.Bus;

namespace Drover.Sites;

/// <summary>From a file's parts to a site.</summary>
internal sealed class SiteReader
{
    private const long MiB = 1 << 20;

    /// <summary>More memory than any host has: what is above it is a typing error.</summary>
    private const long MaxMemory = 1L << 50;

    /// <summary>10 Tbit/s, for the same reason.</summary>
    private const long MaxSpeed = 1_250_000_000_000;
    private readonly Dictionary<string, long> links = [];
    private readonly Dictionary<string, (string Host, int Line)> guests = [];
    private readonly Dictionary<Guid, string> uuids = [];

    /// <summary>Reads the whole.</summary>
    /// <param name="tree">The file's document.</param>
    /// <param name="folder">The folder that the file is in.</param>
    public static Site Read(YamlNode tree, string folder)
    {
        var top = Part.Of(tree, "a site", "data", "listen", "limits", "links", "hosts");
        var limits = top.Find("limits") is { } given ? Part.Of(given, "\"limits\"", "out", "in") : null;
        var reader = new SiteReader();
        if (top.Find("links") is { } links)
            reader.ReadLinks(links);
        return new Site
        {
            Data = Path.GetFullPath(top.Text("data") ?? "drover-data", folder),
            Listen = top.Text("listen") is { } listen
                ? ListenAddress(listen) ?? throw new SiteFault(top.LineOf("listen"), NoAddress("\"listen\"", listen))
                : ListenAddress("127.0.0.1:8480")!,
            OutLimit = limits?.Number("out", 0, 64) ?? 2,
            InLimit = limits?.Number("in", 0, 64) ?? 2,
            Links = reader.links,
            Hosts = reader.ReadHosts(top.Need("hosts", "\"host-a:\" on a line below it, and what the host is")),
        };
    }

    /// <summary>"127.0.0.1:8480" or "http://localhost:8480" → an http address; null when it is none, or one that other machines reach.</summary>
    public static string? ListenAddress(string text)
    {
        var url = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri is { Scheme: "http", PathAndQuery: "/", UserInfo: "", Fragment: "" }
            && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
            ? $"http://{uri.Authority}" : null;
    }

    /// <summary>Why an address will not do.</summary>
    public static string NoAddress(string name, string text) =>
        $"{name} is \"{YamlTree.Short(text)}\"; write it like 127.0.0.1:8480. It is on this machine only, for there is no authentication yet.";

    private void ReadLinks(YamlNode node)
    {
        foreach (var (name, line, value) in Part.Named(node, "\"links\"").Members)
        {
            // Short, lan: 10g, or long, lan: {speed: 10g}.
            var link = value is YamlNode.Mapping ? Part.Of(value, $"link \"{name}\"", "speed")
                : Part.Of(new YamlNode.Mapping(line, [("speed", line, value)]), $"link \"{name}\"", "speed");
            links[name] = link.Quantity("speed", Amount.Speed, "10 Gbit", 1, MaxSpeed)
                ?? throw new SiteFault(line, $"link \"{name}\" has no speed; write it like {name}: 10 Gbit.");
        }
    }

    private List<SiteHost> ReadHosts(YamlNode node)
    {
        var members = Part.Named(node, "\"hosts\"").Members;
        if (members.Count == 0)
            throw new SiteFault(node.Line, "\"hosts\" is empty; a site has one at least.");
        var same = members.GroupBy(member => member.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (same is not null)
            throw new SiteFault(same.Last().Line, $"hosts \"{same.First().Name}\" and \"{same.Last().Name}\" differ in capitals only: rename one.");
        return [.. members.Select(member => ReadHost(member.Name, member.Line, member.Value))];
    }

    private SiteHost ReadHost(string name, int line, YamlNode node)
    {
        if (node is YamlNode.Scalar)
            throw new SiteFault(line, $"host \"{YamlTree.Short(name)}\" needs \"libvirt:\" or \"simulated:\" below it, which says what it is.");
        var host = Part.Of(node, $"host \"{YamlTree.Short(name)}\"", "libvirt", "simulated");
        SiteHost read = (host.Find("libvirt"), host.Find("simulated")) switch
        {
            ({ } libvirt, null) => ReadLibvirt(name, line, libvirt),
            (null, { } simulated) => ReadSimulated(name, line, simulated),
            (null, null) => throw new SiteFault(line, $"host \"{YamlTree.Short(name)}\" needs \"libvirt:\" or \"simulated:\" with its settings below it."),
            _ => throw new SiteFault(line, $"host \"{YamlTree.Short(name)}\" has both \"libvirt:\" and \"simulated:\"; keep the one that it is."),
        };
        CheckAgent(read);
        return read;
    }

    private static SiteHost.Libvirt ReadLibvirt(string name, int line, YamlNode node)
    {
        var libvirt = Part.Of(node, "a libvirt host", "uri", "peer", "migrate", "allowOtherHostName");
        var uri = libvirt.NeedText("uri", "qemu+tcp://10.0.0.2/system");
        if (!Uri.TryCreate(uri, UriKind.Absolute, out _))
            throw new SiteFault(libvirt.LineOf("uri"), $"\"uri\" is \"{YamlTree.Short(uri)}\"; write it like qemu+tcp://10.0.0.2/system, or qemu:///system for this machine's own.");
        return new SiteHost.Libvirt
        {
            Name = name,
            Line = line,
            Uri = uri,
            Peer = libvirt.Text("peer") ?? uri,
            Migrate = libvirt.Text("migrate"),
            AllowOtherHostName = libvirt.Truth("allowOtherHostName"),
        };
    }

    private SiteHost.Simulated ReadSimulated(string name, int line, YamlNode node)
    {
        var simulated = Part.Of(node, "a simulated host", "memory", "processors", "link", "guests");
        var link = simulated.NeedText("link", links.Keys.FirstOrDefault() ?? "lan");
        if (!links.ContainsKey(link))
        {
            throw new SiteFault(simulated.LineOf("link"), $"there is no link \"{YamlTree.Short(link)}\" under \"links\""
                + (Spelling.Guess(link, links.Keys) is { } meant ? $": did you mean \"{meant}\"?" : $"; write it there like {YamlTree.Short(link)}: 10 Gbit."));
        }
        var host = new SiteHost.Simulated
        {
            Name = name,
            Line = line,
            Memory = simulated.Quantity("memory", Amount.Bytes, "64 GiB", MiB, MaxMemory) ?? throw Missing("memory", "64 GiB"),
            Processors = simulated.Number("processors", 1, 4096) ?? 8,
            Link = link,
            Guests = simulated.Find("guests") is { } guests
                ? [.. Part.Named(guests, "\"guests\"").Members.Select(guest => ReadGuest(name, guest.Name, guest.Line, guest.Value))] : [],
        };
        if (host.Guests.Sum(guest => (decimal)guest.Memory) > host.Memory)
            throw new SiteFault(line, $"the guests of \"{name}\" have more memory than the host: give it more, or them less.");
        return host;

        SiteFault Missing(string member, string example) => new(line, $"simulated host \"{name}\" needs \"{member}\", for example {member}: {example}.");
    }

    private SimulatedGuest ReadGuest(string host, string name, int line, YamlNode node)
    {
        if (!Names.IsGuest(name))
            throw new SiteFault(line, $"\"{YamlTree.Short(name)}\" is no guest's name; it has 1 to 255 bytes, not blanks only, without '/' and control characters.");
        if (guests.TryGetValue(name, out var other))
            throw new SiteFault(line, $"guest \"{YamlTree.Short(name)}\" is on {host} and on {other.Host} (line {other.Line}); a guest begins on one host.");
        guests[name] = (host, line);

        var guest = Part.Of(node, $"guest \"{YamlTree.Short(name)}\"", "memory", "used", "hot", "dirty", "processors", "uuid");
        var memory = guest.Quantity("memory", Amount.Bytes, "4 GiB", MiB, MaxMemory)
            ?? throw new SiteFault(line, $"guest \"{YamlTree.Short(name)}\" needs \"memory\", for example memory: 4 GiB.");
        var used = guest.Quantity("used", Amount.Bytes, "1 GiB", 0, memory) ?? memory;
        var dirty = guest.Quantity("dirty", Amount.BytesPerSecond, "40 MiB/s", 0, MaxSpeed) ?? 0;
        return new SimulatedGuest
        {
            Name = name,
            Uuid = UuidOf(guest, name),
            Memory = memory,
            Used = used,
            Hot = guest.Quantity("hot", Amount.Bytes, "200 MiB", 0, used) ?? (dirty == 0 ? 0 : used),
            Dirty = dirty,
            Processors = guest.Number("processors", 1, 1024) ?? 1,
        };
    }

    /// <summary>The guest's own, or one made of its name: the same in each reading.</summary>
    private Guid UuidOf(Part guest, string name)
    {
        var uuid = SiteHosts.UuidOf("guest", name);
        if (guest.Text("uuid") is { } text && !Guid.TryParseExact(text, "D", out uuid))
            throw new SiteFault(guest.LineOf("uuid"), $"\"uuid\" is \"{YamlTree.Short(text)}\"; it is written like 4477b5ba-5a02-4039-a37d-927008eddfed.");
        return uuids.TryAdd(uuid, name) ? uuid
            : throw new SiteFault(guest.LineOf("uuid"), $"guests \"{YamlTree.Short(uuids[uuid])}\" and \"{YamlTree.Short(name)}\" have one UUID; each has its own.");
    }

    /// <summary>What the agent would refuse is refused here, where the line is known.</summary>
    private static void CheckAgent(SiteHost host)
    {
        var faults = new List<ValidationResult>();
        var options = SiteHosts.AgentOptions(host);
        if (Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true))
            return;
        throw new SiteFault(host.Line, faults[0].MemberNames.FirstOrDefault() switch
        {
            nameof(AgentOptions.Host) => $"\"{YamlTree.Short(host.Name)}\" is no host's name; it consists of 1 to 200 letters, digits, '.', '-' and '_', and begins and ends with a letter or digit.",
            nameof(AgentOptions.PeerUri) => $"host \"{host.Name}\" needs \"peer\": its libvirt as the other hosts reach it, such as qemu+tcp://10.0.0.2/system.",
            nameof(AgentOptions.MigrateUri) => $"\"migrate\" of host \"{host.Name}\" names no host; write it like tcp://10.0.0.2, or leave it out.",
            _ => faults[0].ErrorMessage!,
        });
    }
}
