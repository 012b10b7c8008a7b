using Drover.Hypervisors.Simulated.Physics;
using Drover.Hypervisors.Simulated.State;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated.Transitions;

/// <summary>How transfers move between two things that happen: where their memory is at an instant, what happens to them next, and how fast they may send.</summary>
internal static class Motion
{
    /// <summary>Nothing is planned for later than this: a transfer that crawls is asked again then.</summary>
    private static readonly TimeSpan s_farthest = TimeSpan.FromDays(365);

    /// <summary>The transfer's memory at an instant.</summary>
    internal static MemoryCopy MemoryAt(SiteMap map, SiteState state, TransferState transfer, DateTimeOffset now)
        => Sends(transfer) && now > transfer.At
            ? PreCopy.After(transfer.Memory, LoadOf(map, state, transfer), map.Traits, transfer.Rate, (now - transfer.At).TotalSeconds)
            : transfer.Memory;

    /// <summary>Brings the transfer's memory up to now: before anything that changes how it goes on.</summary>
    internal static TransferState Settle(Change change, TransferState transfer)
    {
        var settled = transfer with { Memory = MemoryAt(change.Map, change.State, transfer, change.Now), At = change.Now };
        change.Set(settled);
        return settled;
    }

    internal static MemoryLoad LoadOf(SiteMap map, SiteState state, TransferState transfer)
    {
        var plan = map.Guest(transfer.Guest);
        var load = state.Loads[transfer.Guest];
        var runs = state.Hosts[transfer.Source].Copies.GetValueOrDefault(transfer.Guest)?.Power == GuestPower.Running;
        return new MemoryLoad
        {
            MemoryBytes = plan.MemoryBytes,
            NonZeroBytes = plan.NonZeroBytes,
            HotSetBytes = load.HotSetBytes,
            WriteOrder = plan.WriteOrder,
            DirtyBytesPerSecond = runs ? load.DirtyBytesPerSecond : 0,
            MostDirtyBytesPerSecond = Math.Max(plan.MostDirtyBytesPerSecond ?? 0, load.DirtyBytesPerSecond),
        };
    }

    /// <summary>When something happens to the transfer by itself; null when nothing does until somebody's hand changes the world.</summary>
    internal static DateTimeOffset? NextOf(SiteMap map, SiteState state, TransferState transfer)
    {
        if (transfer.SilentSince is { } since)
            return since + map.Traits.KeepAlive;
        var (source, destination) = (state.Hosts[transfer.Source], state.Hosts[transfer.Destination]);
        return transfer.Stage switch
        {
            TransferStage.PreCopy => After(
                transfer, PreCopy.UntilPassEnds(transfer.Memory, map.Traits, transfer.Rate, Fits(map, state, transfer), IsCapped(transfer))),
            TransferStage.SwitchOver => After(transfer, PreCopy.UntilAllSent(transfer.Memory, map.Traits, transfer.Rate)),
            // Both QEMUs go on without their daemons, but only a daemon can end it.
            TransferStage.PostCopy => source.DaemonRuns && destination.DaemonRuns ? After(transfer, PreCopy.UntilAllSent(transfer.Memory, map.Traits, transfer.Rate)) : null,
            TransferStage.LettingGo => source.DaemonRuns ? transfer.Until : null,
            TransferStage.Setup or TransferStage.Finishing or TransferStage.Cancelling or TransferStage.PostCopyBegins or TransferStage.Orphaned => transfer.Until,
            TransferStage.PostCopyFailed or TransferStage.ToBePutBack => null,
        };
    }

    /// <summary>What may be left when QEMU stops the guest: what it believes it can send within the downtime limit, and what it believes to have sent.</summary>
    internal static double Fits(SiteMap map, SiteState state, TransferState transfer)
    {
        var limit = state.Hosts[transfer.Source].Copies.GetValueOrDefault(transfer.Guest)?.DowntimeLimit ?? TimeSpan.Zero;
        return (transfer.Rate * limit.TotalSeconds) + Buffered(map, transfer);
    }

    /// <summary>
    /// Bytes that QEMU has written and the link has not carried yet, at a look: it has just been woken, because a third was gone. Where its own cap holds it
    /// back, and not the link, there are none to speak of.
    /// </summary>
    internal static double Buffered(SiteMap map, TransferState transfer)
        => IsCapped(transfer) ? 0 : Math.Min(map.Traits.SendBufferBytes * 2 / 3.0, transfer.Memory.Left);

    private static bool IsCapped(TransferState transfer) => transfer.Cap <= transfer.Rate;

    /// <summary>Shares the links anew among those that send. Only who gets another rate is touched.</summary>
    internal static void ShareLinks(Change change)
    {
        var sending = change.State.Transfers.FindAll(transfer => Sends(transfer) && transfer.SilentSince is null);
        var rates = sending.Count == 0 ? [] : FairShare.Of([.. sending.Select(transfer => FlowOf(change.Map, transfer))], change.Map.Room);
        for (var i = 0; i < sending.Count; i++)
            SetRate(change, sending[i], rates[i]);
        foreach (var transfer in change.State.Transfers)
        {
            if (!Sends(transfer) || transfer.SilentSince is not null)
                SetRate(change, transfer, 0);
        }
    }

    private static bool Sends(TransferState transfer) => transfer.Stage is TransferStage.PreCopy or TransferStage.SwitchOver or TransferStage.PostCopy;

    /// <summary>The cap is for pre-copy: QEMU lifts it for the rest after the switch-over, and post-copy has one of its own, which nobody sets.</summary>
    private static Flow FlowOf(SiteMap map, TransferState transfer) => new(
        map.Route(transfer.Source, transfer.Destination),
        transfer is { Stage: TransferStage.PreCopy, Cap: { } cap } ? cap : double.PositiveInfinity);

    private static void SetRate(Change change, TransferState transfer, double rate)
    {
        if (rate != transfer.Rate)
            change.Set(Settle(change, transfer) with { Rate = rate });
    }

    /// <summary>Rounded up to the clock's ticks, so that it has happened then, and never at the same instant again.</summary>
    private static DateTimeOffset? After(TransferState transfer, double? seconds) => seconds switch
    {
        null => null,
        { } some when some >= s_farthest.TotalSeconds => transfer.At + s_farthest,
        { } some => transfer.At + TimeSpan.FromTicks((long)Math.Ceiling(some * TimeSpan.TicksPerSecond)),
    };
}
