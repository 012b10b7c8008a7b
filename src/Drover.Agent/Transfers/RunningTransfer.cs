using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Hypervisors;
using Drover.Policy.Model;

namespace Drover.Agent.Transfers;

/// <summary>One outgoing transfer that this process watches: what it is, and what its watch has been told.</summary>
internal sealed class RunningTransfer(TimeProvider time)
{
    private long _epoch;
    private volatile bool _hasJob;
    private volatile bool _abort;
    private volatile bool _forced;
    private volatile TransferTotals? _totals;

    public required Guid Guest { get; init; }
    public required string Name { get; init; }
    public required Mark Mark { get; init; }

    /// <summary>The call to make; null when the job was found running.</summary>
    public TransferPlan? Plan { get; init; }

    /// <summary>The limit that was set before the call; null when the job was found running.</summary>
    public TimeSpan? DowntimeLimit { get; init; }

    public string? Tenant { get; init; }
    public required Visibility Visibility { get; init; }

    /// <summary>Wakes the watch before its next look.</summary>
    public Nudge Nudge { get; } = new(time);

    /// <summary>The latest order's epoch: the end answers that one.</summary>
    public long Epoch => Math.Max(Mark.Epoch, Volatile.Read(ref _epoch));

    /// <summary>Whether the hypervisor was seen to have the job.</summary>
    public bool HasJob { get => _hasJob; set => _hasJob = value; }

    /// <summary>An abort was ordered and the hypervisor is not told yet.</summary>
    public bool AbortOrdered => _abort;

    /// <summary>It was ordered to end however long the guest pauses. An agent that comes after this one finds the limit in QEMU.</summary>
    public bool IsForced => _forced;

    /// <summary>What the hypervisor's completion event told; null until it came.</summary>
    public TransferTotals? Totals => _totals;

    public bool Is(Guid migration, int attempt) => Mark.MigrationId == migration && Mark.Attempt == attempt;

    public void RaiseEpoch(long epoch) => Volatile.Write(ref _epoch, Math.Max(epoch, Epoch));

    public void OrderAbort()
    {
        _abort = true;
        Nudge.Give();
    }

    public void Force()
    {
        _forced = true;
        Nudge.Give();
    }

    public void AbortDone() => _abort = false;

    public void Completed(TransferTotals totals)
    {
        _totals = totals;
        Nudge.Give();
    }

    public TransferBegan Began() => new() { MigrationId = Mark.MigrationId, Attempt = Mark.Attempt, Epoch = Epoch };

    public TransferEnded Ended(string? error, TransferTotals? totals) => new()
    {
        MigrationId = Mark.MigrationId,
        Attempt = Mark.Attempt,
        Epoch = Epoch,
        Error = error,
        Downtime = totals?.Downtime,
        TransferredBytes = totals?.TransferredBytes,
        Passes = totals?.Passes,
    };
}
