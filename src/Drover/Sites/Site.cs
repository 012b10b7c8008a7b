namespace Drover.Sites;

/// <summary>What one file says of a site: the hosts that <c>drover standalone</c> drives, and how.</summary>
internal sealed record Site
{
    /// <summary>The folder that keeps everything; absolute.</summary>
    public required string Data { get; init; }

    /// <summary>Where the API listens: an http address of this machine only.</summary>
    public required string Listen { get; init; }

    /// <summary>Migrations that may leave each host at once.</summary>
    public required int OutLimit { get; init; }

    /// <summary>Migrations that may come to each host at once.</summary>
    public required int InLimit { get; init; }

    /// <summary>What simulated hosts are connected by, with bytes per second each way.</summary>
    public required IReadOnlyDictionary<string, long> Links { get; init; }

    /// <summary>The hosts, at least one.</summary>
    public required IReadOnlyList<SiteHost> Hosts { get; init; }
}

/// <summary>One host of a site.</summary>
internal abstract record SiteHost
{
    private SiteHost()
    {
    }

    /// <summary>Its name, by which requests call it.</summary>
    public required string Name { get; init; }

    /// <summary>The line of the file that names it.</summary>
    public required int Line { get; init; }

    /// <summary>A host with a libvirt that this machine reaches.</summary>
    public sealed record Libvirt : SiteHost
    {
        /// <summary>Its libvirt, from here.</summary>
        public required string Uri { get; init; }

        /// <summary>Its libvirt, from the other hosts.</summary>
        public required string Peer { get; init; }

        /// <summary>Where memory streams to it go; null: libvirt chooses.</summary>
        public string? Migrate { get; init; }

        /// <summary>Its libvirt may call the host otherwise.</summary>
        public bool AllowOtherHostName { get; init; }
    }

    /// <summary>A host that exists in this program only.</summary>
    public sealed record Simulated : SiteHost
    {
        /// <summary>Bytes.</summary>
        public required long Memory { get; init; }

        /// <summary>Logical processors.</summary>
        public required int Processors { get; init; }

        /// <summary>One of <see cref="Site.Links"/>.</summary>
        public required string Link { get; init; }

        /// <summary>The guests that it begins with.</summary>
        public required IReadOnlyList<SimulatedGuest> Guests { get; init; }
    }
}

/// <summary>A simulated guest as its world begins.</summary>
internal sealed record SimulatedGuest
{
    /// <summary>Its name, unique in the file.</summary>
    public required string Name { get; init; }

    /// <summary>Its UUID, unique in the file.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Bytes.</summary>
    public required long Memory { get; init; }

    /// <summary>Bytes of it that are not zero: what the first pass sends.</summary>
    public required long Used { get; init; }

    /// <summary>Bytes that it writes to again and again.</summary>
    public required long Hot { get; init; }

    /// <summary>Bytes per second that it writes, within its hot set.</summary>
    public required long Dirty { get; init; }

    /// <summary>Virtual processors.</summary>
    public required int Processors { get; init; }
}
