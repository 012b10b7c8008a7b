using Drover.Hypervisors.Simulated;
using Drover.Policy.Model;
using Microsoft.Extensions.Time.Testing;

namespace Drover.Hypervisors.Tests.Simulated;

/// <summary>A small site for tests: hosts a, b and c, each on its own link, and one guest on a unless a test says otherwise. Time goes by only when told.</summary>
internal sealed class Site : IAsyncDisposable
{
    internal const long MiB = 1L << 20;

    /// <summary>500 Mbit/s.</summary>
    internal const long Speed = 62_500_000;

    internal static readonly Guid Web = new("11111111-0000-0000-0000-000000000001");
    internal static readonly Guid Db = new("11111111-0000-0000-0000-000000000002");

    internal Site(WorldPlan? plan = null, string? file = null, DateTimeOffset? now = null)
    {
        Time = new FakeTimeProvider(now ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        World = SimulatedWorld.Open(plan ?? Plan(Guest()), file, Time);
    }

    internal FakeTimeProvider Time { get; }

    internal SimulatedWorld World { get; }

    internal IHypervisor A => field ??= World.Hypervisor("host-a");
    internal IHypervisor B => field ??= World.Hypervisor("host-b");
    internal IHypervisor C => field ??= World.Hypervisor("host-c");

    internal static CancellationToken Test => TestContext.Current.CancellationToken;

    internal static WorldPlan Plan(params GuestPlan[] guests) => new()
    {
        Links = [.. Letters().Select(letter => new LinkPlan($"link-{letter}", Speed))],
        Hosts = [.. Letters().Select(letter => new HostPlan
        {
            Name = $"host-{letter}",
            Uuid = new Guid($"aaaaaaaa-0000-0000-0000-00000000000{letter}"),
            MemoryBytes = 8192 * MiB,
            Processors = 8,
            Link = $"link-{letter}",
        })],
        Guests = guests,
    };

    /// <summary>A guest that dirties <paramref name="dirty"/> bytes per second within <paramref name="hot"/>; 512 MiB, all of it in use.</summary>
    internal static GuestPlan Guest(Guid? uuid = null, string name = "web", string host = "host-a", long memory = 512 * MiB, long? nonZero = null,
        long hot = 0, long dirty = 0, bool persistent = true) => new()
    {
        Name = name,
        Uuid = uuid ?? Web,
        Host = host,
        MemoryBytes = memory,
        NonZeroBytes = nonZero ?? memory,
        HotSetBytes = hot,
        DirtyBytesPerSecond = dirty,
        Vcpus = 2,
        Persistent = persistent,
    };

    internal static TransferPlan To(string host, Guid? guest = null, long? cap = null, bool persistent = true) => new()
    {
        Guest = guest ?? Web,
        PeerUri = SimulatedWorld.PeerUri(host),
        BandwidthBytesPerSecond = cap,
        Persistent = persistent,
    };

    internal static Mark AMark(int attempt = 1) => new()
    {
        MigrationId = new Guid("22222222-0000-0000-0000-000000000001"),
        Attempt = attempt,
        Epoch = 7,
        Source = "host-a",
        Destination = "host-b",
        DowntimeLimitBefore = TimeSpan.FromMilliseconds(300),
        MaxDowntime = TimeSpan.FromMilliseconds(500),
        AfterSequence = 4,
    };

    internal Task<TransferEnd> Move(string to = "host-b", Guid? guest = null, long? cap = null, bool persistent = true, IHypervisor? from = null)
        => (from ?? A).TransferAsync(To(to, guest, cap, persistent), Test);

    /// <summary>Time goes by.</summary>
    internal void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Time goes by in steps of a millisecond until it holds.</summary>
    internal void PassUntil(Func<bool> holds, double atMostSeconds = 60)
    {
        for (var left = atMostSeconds * 1000; !holds(); left--)
        {
            Assert.True(left > 0, $"not within {atMostSeconds} s");
            Pass(0.001);
        }
    }

    /// <summary>Time goes by until the task is over.</summary>
    internal async Task<T> Over<T>(Task<T> task, double atMostSeconds = 60)
    {
        PassUntil(() => task.IsCompleted, atMostSeconds);
        return await task;
    }

    /// <summary>Time goes by until the guest's transfer is in a stage.</summary>
    internal void PassUntilStage(string stage, Guid? guest = null) => PassUntil(() => Transfer(guest)?.Stage == stage);

    internal TransferView? Transfer(Guid? guest = null) => World.Look().Transfers.FirstOrDefault(transfer => transfer.Guest == (guest ?? Web));

    /// <summary>The guest on a host, whether its daemon answers or not; null when it is not there.</summary>
    internal GuestView? On(string host, Guid? guest = null) => World.Look().Hosts.Single(one => one.Name == host).Guests.FirstOrDefault(one => one.Uuid == (guest ?? Web));

    internal int HostsThatRun(Guid? guest = null) => World.Look().Hosts.SelectMany(host => host.Guests).Count(one => one.Uuid == (guest ?? Web) && one.RunningVcpus > 0);

    public async ValueTask DisposeAsync() => await World.DisposeAsync();

    private static IEnumerable<char> Letters() => "abc";
}
