using Drover.Hypervisors.Simulated.State;
using Drover.Hypervisors.Simulated.Transitions;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated.Reading;

/// <summary>What a host's daemon answers when asked: state → facts. Reading changes nothing.</summary>
internal static class Facts
{
    /// <summary>The bits in a megabit, over those in a byte.</summary>
    private const long BytesPerMbit = 125_000;

    /// <summary>The longest time that is told: some thirty years.</summary>
    private const double MostSeconds = 1e9;

    internal static HostFacts OfHost(SiteMap map, SiteState state, string host)
    {
        var plan = map.Host(host);
        var link = map.Plan.Links.First(link => link.Name == plan.Link);
        return new HostFacts
        {
            Name = plan.Name,
            Uuid = plan.Uuid,
            LibvirtVersion = "9.0.0",
            QemuVersion = "7.2.0",
            MemoryBytes = plan.MemoryBytes,
            FreeMemoryBytes = FreeMemory(map, state, host),
            Processors = plan.Processors,
            Links =
            [
                new LinkFacts(link.Name, Math.Min(link.BytesPerSecond, plan.BytesPerSecond ?? long.MaxValue) / BytesPerMbit, !state.CutLinks.Contains(link.Name)),
            ],
        };
    }

    internal static GuestFacts OfGuest(SiteMap map, SiteState state, string host, Guid guest, CopyState copy)
    {
        var plan = map.Guest(guest);
        return new GuestFacts
        {
            Uuid = guest,
            Name = plan.Name,
            MemoryBytes = plan.MemoryBytes,
            Vcpus = plan.Vcpus,
            Persistent = copy.Persistent,
            State = new GuestState { Power = copy.Power, Reason = copy.Reason, Job = JobOf(state, host, guest), Mark = copy.Mark },
            GuestMetadata = plan.Metadata,
        };
    }

    internal static long FreeMemory(SiteMap map, SiteState state, string host)
        => map.Host(host).MemoryBytes - state.Hosts[host].Copies.Where(copy => copy.Value.IsActive()).Sum(copy => map.Guest(copy.Key).MemoryBytes);

    internal static GuestJob JobOf(SiteState state, string host, Guid guest)
    {
        if (state.Hosts[host].Copies.GetValueOrDefault(guest)?.IsActive() != true)
            return GuestJob.None;
        foreach (var transfer in state.Transfers)
        {
            if (transfer.Guest != guest)
                continue;
            if (transfer.Source == host && IsOutgoing(transfer))
                return GuestJob.MigrationOut;
            if (transfer.Destination == host && transfer.Stage is not (TransferStage.LettingGo or TransferStage.ToBePutBack))
                return GuestJob.MigrationIn;
        }
        return GuestJob.None;
    }

    /// <summary>The guest's outgoing transfer on a host; null when it has none.</summary>
    internal static TransferState? Outgoing(SiteState state, string host, Guid guest)
        => JobOf(state, host, guest) == GuestJob.MigrationOut
            ? state.Transfers.Find(transfer => transfer.Guest == guest && transfer.Source == host && IsOutgoing(transfer))
            : null;

    /// <summary>A reading of a transfer at an instant.</summary>
    internal static Sample SampleOf(SiteMap map, SiteState state, TransferState transfer, DateTimeOffset now)
    {
        var memory = Motion.MemoryAt(map, state, transfer, now);
        var source = state.Hosts[transfer.Source].Copies[transfer.Guest];
        return new Sample
        {
            Elapsed = now - transfer.Began,
            Iteration = memory.Iteration,
            Phase = source.Reason is PowerReason.PostCopy or PowerReason.PostCopyFailed ? TransferPhase.PostCopy
                : memory.Iteration == 0 ? TransferPhase.Setup : TransferPhase.PreCopy,
            MemoryTotalBytes = memory.Iteration == 0 ? 0 : map.Guest(transfer.Guest).MemoryBytes,
            MemoryProcessedBytes = (long)memory.Sent,
            MemoryRemainingBytes = (long)memory.Left,
            BytesPerSecond = (long)transfer.Rate,
            DirtyBytesPerSecond = (long)memory.DirtyRate,
            ThrottlePercent = memory.Throttle,
            // What the pass began with, over what it sends per second; before QEMU knows, the limit itself.
            ExpectedDowntime = memory.Iteration > 1 && transfer.Rate > 0 ? TimeSpan.FromSeconds(Math.Min(memory.PassBegan / transfer.Rate, MostSeconds)) : source.DowntimeLimit,
        };
    }

    private static bool IsOutgoing(TransferState transfer) => transfer.Stage is not (TransferStage.ToBePutBack or TransferStage.Orphaned);
}
