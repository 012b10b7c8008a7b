using System.Text.Json;
using Drover.Hypervisors.Simulated.State;
using Drover.Hypervisors.Simulated.Transitions;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated.Reading;

/// <summary>State → the view for observers.</summary>
internal static class Overview
{
    internal static WorldView Of(SiteMap map, SiteState state, DateTimeOffset now) => new()
    {
        At = now,
        Hosts =
        [
            .. state.Hosts.Select(host => new HostView(host.Key, host.Value.On, host.Value.DaemonRuns,
                [.. host.Value.Copies.Select(copy => OfGuest(map, state, host.Key, copy.Key, copy.Value))])),
        ],
        Transfers = [.. state.Transfers.Select(transfer => OfTransfer(map, state, transfer, now))],
    };

    private static GuestView OfGuest(SiteMap map, SiteState state, string host, Guid guest, CopyState copy)
    {
        var facts = Facts.OfGuest(map, state, host, guest, copy);
        return new GuestView
        {
            Uuid = guest,
            Name = facts.Name,
            State = facts.State,
            RunningVcpus = copy.Power == GuestPower.Running ? facts.Vcpus : 0,
            Persistent = copy.Persistent,
            DowntimeLimit = copy.DowntimeLimit,
        };
    }

    private static TransferView OfTransfer(SiteMap map, SiteState state, TransferState transfer, DateTimeOffset now)
    {
        var memory = Motion.MemoryAt(map, state, transfer, now);
        return new TransferView
        {
            Guest = transfer.Guest,
            Source = transfer.Source,
            Destination = transfer.Destination,
            Stage = JsonNamingPolicy.KebabCaseLower.ConvertName(transfer.Stage.ToString()),
            Began = transfer.Began,
            Pass = memory.Iteration,
            RemainingBytes = (long)memory.Left,
            SentBytes = (long)memory.Sent,
            BytesPerSecond = (long)transfer.Rate,
            ThrottlePercent = memory.Throttle,
        };
    }
}
