using System.Collections.Concurrent;
using Drover.Bus;
using Drover.Contracts.Agents;
using MassTransit;

namespace Drover.Benchmarks.Bus;

/// <summary>
/// The agents of many hosts that answer every order at once, with the truth: a guest is where its last transfer took it. Transfers end at once, or when they are
/// told to (<c>hold</c>); until then the hosts say that it moves.
/// </summary>
internal sealed class ScriptedAgents
{
    private static readonly Uri Answers = new($"exchange:{Queues.Migrations}");
    private readonly Dictionary<Guid, string> _guests;
    private readonly Dictionary<string, Guid> _ids;
    private readonly ConcurrentDictionary<Guid, (string Host, BeginTransfer? By)> _places;

    private readonly ConcurrentDictionary<Guid, BeginTransfer> _moving = [];
    private readonly bool _hold;

    public ScriptedAgents(int hosts, int guests, bool hold = false)
    {
        _hold = hold;
        HostNames = [.. Enumerable.Range(1, hosts).Select(n => $"host-{n}")];
        _guests = Enumerable.Range(1, guests).ToDictionary(_ => Guid.CreateVersion7(), n => $"guest-{n}");
        _ids = _guests.ToDictionary(guest => guest.Value, guest => guest.Key);
        _places = new(_guests.Keys.Select((id, n) => KeyValuePair.Create(id, (HostNames[n % hosts], (BeginTransfer?)null))));
    }

    public string[] HostNames { get; }

    public IEnumerable<string> Names => _ids.Keys;

    /// <summary>The host after the one where the guest is.</summary>
    public string Next(string guest) => HostNames[(Array.IndexOf(HostNames, _places[_ids[guest]].Host) + 1) % HostNames.Length];

    /// <summary>The transfers that were begun and not ended.</summary>
    public ICollection<BeginTransfer> Moving => _moving.Values;

    /// <summary>Ends a transfer: the guest has arrived. The returned message is for whoever asked for it.</summary>
    public TransferEnded End(BeginTransfer order)
    {
        _places[order.GuestUuid] = (order.Destination, order);
        _moving.TryRemove(order.GuestUuid, out _);
        return Ended(order);
    }

    /// <summary>Each host's first report.</summary>
    public IEnumerable<HostReported> Reports() => HostNames.Select(host => new HostReported
    {
        Host = host,
        AgentId = Guid.CreateVersion7(),
        Report = 1,
        SentAt = DateTimeOffset.UtcNow,
        Inventory = new HostInventory
        {
            HostUuid = Guid.CreateVersion7(),
            AgentVersion = "benchmark",
            LibvirtVersion = "9.0.0",
            QemuVersion = "7.2.0",
            MemoryBytes = 1L << 40,
            FreeMemoryBytes = 1L << 39,
            Processors = 64,
            Links = [],
            Guests = [.. _guests.Where(guest => _places[guest.Key].Host == host).Select(guest => new HostGuest
            {
                Uuid = guest.Key,
                Name = guest.Value,
                MemoryBytes = 256 << 20,
                Vcpus = 1,
                Sighting = new GuestSighting { Present = true, Power = "running", PowerReason = "other", Job = "none" },
            })],
        },
    });

    public void Configure(string host, IReceiveEndpointConfigurator endpoint)
    {
        Answer<CheckSource>(endpoint, order => [new SourceChecked { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, Persistent = true }]);
        Answer<CheckDestination>(endpoint, order =>
            [new DestinationChecked { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, PeerUri = "qemu+tcp://10.0.0.9/system" }]);
        Answer<BeginTransfer>(endpoint, order =>
        {
            var began = new TransferBegan { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch };
            if (!_hold)
                return [began, End(order)];
            // Given again, it begins nothing: it moves, or it has arrived.
            if (_places[order.GuestUuid].By?.MigrationId == order.MigrationId)
                return [Ended(order)];
            _moving[order.GuestUuid] = order;
            return [began];
        });
        Answer<ReportGuest>(endpoint, order => [new GuestReported { MigrationId = order.MigrationId, Question = order.Question, Host = host, Sighting = Sight(host, order.GuestUuid) }]);
    }

    private static TransferEnded Ended(BeginTransfer order) => new()
    {
        MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, Downtime = TimeSpan.FromMilliseconds(12), TransferredBytes = 100_000_000, Passes = 3,
    };

    private GuestSighting Sight(string host, Guid guest) => _moving.TryGetValue(guest, out var order) ? Sight(host, order) : _places[guest] is var (place, by) && place == host
        ? new GuestSighting { Present = true, Power = "running", PowerReason = "other", Job = "none", MarkMigrationId = by?.MigrationId, MarkAttempt = by?.Attempt, MarkEpoch = by?.Epoch }
        : new GuestSighting { Present = false };

    private static GuestSighting Sight(string host, BeginTransfer order) => host == order.Source || host == order.Destination
        ? new GuestSighting
        {
            Present = true,
            Power = host == order.Source ? "running" : "paused",
            PowerReason = host == order.Source ? "other" : "migration",
            Job = host == order.Source ? "migration-out" : "migration-in",
            MarkMigrationId = order.MigrationId,
            MarkAttempt = order.Attempt,
            MarkEpoch = order.Epoch,
        }
        : new GuestSighting { Present = false };

    private static void Answer<T>(IReceiveEndpointConfigurator endpoint, Func<T, object[]> answers)
        where T : class => endpoint.Handler<T>(async context =>
        {
            var migrations = await context.GetSendEndpoint(Answers);
            foreach (var answer in answers(context.Message))
                await migrations.Send(answer, answer.GetType(), context.CancellationToken);
        });
}
