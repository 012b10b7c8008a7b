using Drover.Hypervisors.Simulated.Reading;
using Drover.Hypervisors.Simulated.State;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated.Transitions;

/// <summary>
/// Daemons, hosts and links that die and come back, and what follows for guests on their way: as found out on libvirt 9.0 and QEMU 7.2, phase by phase.
/// </summary>
/// <remarks>
/// <code>
/// dies                  before all is sent               all sent, not resumed         resumed, source not gone    post-copy
/// source's daemon       stays; paused until it is back   source stays paused for good  source goes when it's back  goes on; ends when it's back
/// destination's daemon  stays, at once                   stays, at once                completes                   goes on; ends when it's back
/// link                  stays, after 30 s                completes                     completes                   fails, can be resumed
/// source's host         guest off                        guest off                     completes                   fails
/// destination's host    stays, after 30 s                stays, after 30 s             guest off                   fails
/// </code>
/// </remarks>
internal static class Deaths
{
    private const string CallerCutOff = "End of file while reading data: Input/output error";
    private const string PeerClosed = "operation failed: client socket is closed";

    internal static void StopDaemon(Change change, string host)
    {
        if (!change.Host(host).DaemonRuns)
            return;
        change.Say(host, new HypervisorEvent.ConnectionLost(Failures.AwayWords(host)));
        change.Set(host, change.Host(host) with { DaemonRuns = false, DiesBeforeAnswering = false });
        foreach (var transfer in Touching(change, host))
        {
            if (transfer.Source == host)
                SourceDaemonDied(change, transfer);
            else
                DestinationDaemonDied(change, transfer);
        }
        Motion.ShareLinks(change);
    }

    /// <summary>It sees to what it left before anyone can ask it.</summary>
    internal static void StartDaemon(Change change, string host)
    {
        if (change.Host(host) is not { On: true, DaemonRuns: false })
            return;
        foreach (var transfer in Touching(change, host).Where(transfer => transfer.Source == host))
        {
            if (transfer.Stage == TransferStage.ToBePutBack)
                Endings.PutBack(change, transfer);
            else if (transfer.Stage == TransferStage.LettingGo)
                Endings.Forget(change, transfer);
            else
                continue;
            change.Remove(transfer);
        }
        change.Set(host, change.Host(host) with { DaemonRuns = true });
        change.Say(host, new HypervisorEvent.Connected());
        Motion.ShareLinks(change);
    }

    /// <summary>
    /// The destination's daemon has resumed the guest and dies before it can say so: its source takes no answer for "cancelled" and resumes its own. Two
    /// copies run. It is libvirt's own window, and not closable from outside.
    /// </summary>
    internal static void DieBeforeAnswering(Change change, TransferState transfer)
    {
        Endings.PutBack(change, transfer);
        change.Remove(transfer);
        change.Return(transfer, new TransferEnd(false, PeerClosed, null));
        StopDaemon(change, transfer.Destination);
    }

    internal static void StopHost(Change change, string host)
    {
        if (!change.Host(host).On)
            return;
        var touching = Touching(change, host);
        change.Say(host, new HypervisorEvent.ConnectionLost(Failures.AwayWords(host)));
        foreach (var (guest, copy) in change.Host(host).Copies)
        {
            if (copy.IsActive())
                Hands.TurnOff(change, host, guest, copy, PowerReason.Other);
        }
        change.Set(host, change.Host(host) with { On = false, DaemonRuns = false, DiesBeforeAnswering = false });
        foreach (var transfer in touching)
        {
            if (transfer.Source == host)
                SourceHostDied(change, transfer);
            else
                DestinationHostDied(change, transfer);
        }
        Motion.ShareLinks(change);
    }

    internal static void StartHost(Change change, string host)
    {
        if (change.Host(host).On)
            return;
        change.Set(host, change.Host(host) with { On = true, DaemonRuns = true });
        change.Say(host, new HypervisorEvent.Connected());
        foreach (var transfer in Touching(change, host).Where(transfer => transfer.Destination == host && transfer is { PeerLost: true, SilentSince: not null }))
            Endings.Fail(change, transfer, "Cannot recv data: Connection reset by peer");
        Motion.ShareLinks(change);
    }

    internal static void CutLink(Change change, string link)
    {
        change.SetCutLinks(change.State.CutLinks.Add(link));
        foreach (var transfer in change.State.Transfers.Where(transfer => IsCut(change, transfer)))
        {
            var settled = Motion.Settle(change, transfer);
            switch (settled.Stage)
            {
                case TransferStage.Setup or TransferStage.PreCopy or TransferStage.SwitchOver:
                    change.Set(settled with { SilentSince = settled.SilentSince ?? change.Now });
                    break;
                case TransferStage.PostCopyBegins or TransferStage.PostCopy:
                    PostCopies.Break(change, settled);
                    break;
            }
        }
        Motion.ShareLinks(change);
    }

    internal static void MendLink(Change change, string link)
    {
        change.SetCutLinks(change.State.CutLinks.Remove(link));
        foreach (var transfer in change.State.Transfers.Where(transfer => transfer is { SilentSince: not null, PeerLost: false } && !IsCut(change, transfer)))
            change.Set(Motion.Settle(change, transfer) with { SilentSince = null });
        Motion.ShareLinks(change);
    }

    internal static bool IsCut(Change change, TransferState transfer)
        => change.State.CutLinks.Contains(change.Map.Host(transfer.Source).Link) || change.State.CutLinks.Contains(change.Map.Host(transfer.Destination).Link);

    private static void SourceDaemonDied(Change change, TransferState transfer)
    {
        switch (transfer.Stage)
        {
            case TransferStage.Setup or TransferStage.PreCopy or TransferStage.SwitchOver or TransferStage.Cancelling:
                // The destination sees its connection closed and destroys what was coming. QEMU cannot switch over alone: a stopped guest waits for the daemon.
                Endings.DropIncoming(change, transfer);
                change.Set(transfer with { Stage = TransferStage.ToBePutBack, Until = null, SilentSince = null });
                break;
            case TransferStage.Finishing:
                // The new daemon cannot know whether the destination has resumed the guest: it leaves its own paused, for somebody to decide.
                Endings.DropIncoming(change, transfer);
                change.Remove(transfer);
                break;
        }
        change.Return(transfer, new TransferEnd(false, CallerCutOff, null));
    }

    private static void DestinationDaemonDied(Change change, TransferState transfer)
    {
        switch (transfer.Stage)
        {
            case TransferStage.Setup or TransferStage.PreCopy or TransferStage.SwitchOver or TransferStage.Finishing or TransferStage.Cancelling:
                Endings.Fail(change, transfer, transfer.Error ?? PeerClosed);
                break;
            case TransferStage.Orphaned:
                Endings.DropIncoming(change, transfer);
                change.Remove(transfer);
                break;
            case TransferStage.PostCopyBegins or TransferStage.PostCopy:
                change.Return(transfer, new TransferEnd(false, PeerClosed, null));
                break;
        }
    }

    private static void SourceHostDied(Change change, TransferState transfer)
    {
        switch (transfer.Stage)
        {
            case TransferStage.PostCopyBegins or TransferStage.PostCopy or TransferStage.PostCopyFailed:
                PostCopies.Break(change, transfer);
                break;
            case TransferStage.LettingGo or TransferStage.ToBePutBack:
                change.Remove(transfer);
                break;
            default:
                // No packet tells the destination of it.
                change.Set(transfer with { Stage = TransferStage.Orphaned, Until = change.Now + change.Map.Traits.KeepAlive, SilentSince = null });
                break;
        }
        change.Return(transfer, new TransferEnd(false, CallerCutOff, null));
    }

    private static void DestinationHostDied(Change change, TransferState transfer)
    {
        switch (transfer.Stage)
        {
            case TransferStage.PostCopyBegins or TransferStage.PostCopy or TransferStage.PostCopyFailed:
                PostCopies.Break(change, transfer);
                break;
            case TransferStage.Setup or TransferStage.PreCopy or TransferStage.SwitchOver or TransferStage.Finishing:
                change.Set(transfer with { SilentSince = transfer.SilentSince ?? change.Now, PeerLost = true });
                break;
            case TransferStage.Orphaned:
                change.Remove(transfer);
                break;
        }
    }

    /// <summary>The host's transfers, brought up to now.</summary>
    private static List<TransferState> Touching(Change change, string host)
        => [.. change.State.Transfers.Where(transfer => transfer.Source == host || transfer.Destination == host).Select(transfer => Motion.Settle(change, transfer))];
}
