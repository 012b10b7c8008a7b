using System.Collections.Immutable;
using Drover.Hypervisors.Simulated.State;

namespace Drover.Hypervisors.Simulated.Transitions;

/// <summary>A change of the world in the making: the state as far as it is changed, and what must be said of it to those who listen.</summary>
internal sealed class Change(SiteMap map, SiteState before, DateTimeOffset now)
{
    private readonly SiteState _before = before;

    internal SiteMap Map { get; } = map;

    /// <summary>The instant at which things happen now. Catching up sets it to each thing's own.</summary>
    internal DateTimeOffset Now { get; set; } = now;

    internal SiteState State { get; set; } = before;

    /// <summary>Whether the file must know of it. A pass that ended follows from what the file knows already.</summary>
    internal bool Matters { get; private set; }

    /// <summary>What the daemon of a host says unasked.</summary>
    internal List<(string Host, HypervisorEvent What)> Said { get; } = [];

    /// <summary>Migrate calls that return.</summary>
    internal List<(long Transfer, TransferEnd End)> Returned { get; } = [];

    internal bool Changed => !ReferenceEquals(State, _before);

    internal HostState Host(string name) => State.Hosts[name];

    internal void Set(string name, HostState host)
    {
        State = State with { Hosts = State.Hosts.SetItem(name, host), At = Now };
        Matters = true;
    }

    internal void SetCutLinks(ImmutableSortedSet<string> cut)
    {
        State = State with { CutLinks = cut, At = Now };
        Matters = true;
    }

    internal void Set(Guid guest, GuestLoadState load)
    {
        State = State with { Loads = State.Loads.SetItem(guest, load), At = Now };
        Matters = true;
    }

    internal CopyState? Copy(string host, Guid guest) => State.Hosts[host].Copies.GetValueOrDefault(guest);

    /// <summary>The copy while it has a QEMU; null else.</summary>
    internal CopyState? Active(string host, Guid guest) => Copy(host, guest) is { } copy && copy.IsActive() ? copy : null;

    internal void Set(string host, Guid guest, CopyState copy)
    {
        if (Copy(host, guest) != copy)
            Set(host, Host(host) with { Copies = Host(host).Copies.SetItem(guest, copy) });
    }

    internal void Remove(string host, Guid guest) => Set(host, Host(host) with { Copies = Host(host).Copies.Remove(guest) });

    internal void Add(TransferState transfer)
    {
        State = State with { Transfers = State.Transfers.Add(transfer), LastTransfer = transfer.Number, At = Now };
        Matters = true;
    }

    internal TransferState? Transfer(long number) => State.Transfers.Find(transfer => transfer.Number == number);

    internal void Set(TransferState transfer)
    {
        var index = State.Transfers.FindIndex(other => other.Number == transfer.Number);
        var old = State.Transfers[index];
        Matters |= transfer != old with { Memory = transfer.Memory, At = transfer.At, Rate = transfer.Rate };
        State = State with { Transfers = State.Transfers.SetItem(index, transfer), At = Now };
    }

    internal void Remove(TransferState transfer)
    {
        State = State with { Transfers = State.Transfers.RemoveAll(other => other.Number == transfer.Number), At = Now };
        Matters = true;
    }

    /// <summary>The host's daemon tells of a guest. One that does not run tells nothing.</summary>
    internal void Say(string host, Guid guest, string words) => Say(host, new HypervisorEvent.GuestChanged(guest, words));

    internal void Say(string host, HypervisorEvent what)
    {
        if (Host(host).DaemonRuns)
            Said.Add((host, what));
    }

    internal void Return(TransferState transfer, TransferEnd end) => Returned.Add((transfer.Number, end));
}
