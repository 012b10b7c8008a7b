using Drover.Agent.Transfers;
using Drover.Contracts.Migrations;
using Drover.Hypervisors;
using Drover.Policy.Model;
using Drover.Policy.Passes;
using Drover.Policy.Tuning;
using Microsoft.Extensions.Logging;
using TransferPhase = Drover.Policy.Model.TransferPhase;

namespace Drover.Agent.Watch;

/// <summary>What follows from the readings of one transfer: passes, the steps of its downtime limit, progress.</summary>
internal sealed class Observation(RunningTransfer transfer, IHypervisor hypervisor, Courier courier, TimeSpan publishEvery, TimeProvider time, ILogger logger)
{
    private readonly Mark _mark = transfer.Mark;
    private PassWatch _passes = transfer.Plan is null ? PassWatch.FromTheMiddle() : PassWatch.FromStart();
    private Throughput _throughput = new();
    private TimeSpan? _limit = transfer.DowntimeLimit;
    private long _limitOfPass = 1;
    private int _percent;
    private Task _publishing = Task.CompletedTask;
    private long? _published;

    /// <summary>Takes one reading in. Never throws but when cancelled: what fails is tried again at the next reading, or dropped.</summary>
    public async Task See(Sample reading, CancellationToken stopping)
    {
        _passes = _passes.See(reading);
        _throughput = _throughput.See(reading);
        _percent = Math.Max(_percent, Percent.Of(reading, _passes.Number));
        if (_passes.Ended is { } pass)
            logger.PassEnded(_mark.MigrationId, pass.Number, pass.Duration.TotalMilliseconds, pass.SentBytes, pass.LeftBytes);
        if (reading.Phase != TransferPhase.PostCopy)
            await StepDowntime(stopping);
        Publish(reading, stopping);
    }

    /// <summary>Drops what comes too often (each new pass is a look) and what a broker that is away would hold up: progress may be dropped, the watch must go on.</summary>
    private void Publish(Sample reading, CancellationToken stopping)
    {
        if (!_publishing.IsCompleted || (_published is { } last && time.GetElapsedTime(last) < publishEvery * 0.9))
            return;
        _published = time.GetTimestamp();
        _publishing = courier.TryPublish(Progress(reading), stopping);
    }

    private async Task StepDowntime(CancellationToken stopping)
    {
        try
        {
            if (transfer.IsForced)
            {
                if (_limit != DowntimeSteps.Most)
                {
                    await hypervisor.SetDowntimeLimitAsync(transfer.Guest, DowntimeSteps.Most, stopping);
                    logger.Forced(_mark.MigrationId, transfer.Name);
                    _limit = DowntimeSteps.Most;
                }
                return;
            }
            if (_limit is not { } limit)
            {
                // Found running: whatever the limit is, it is the present pass's.
                _limit = await hypervisor.GetDowntimeLimitAsync(transfer.Guest, stopping);
                _limitOfPass = _passes.Number;
                return;
            }
            if (_mark.MaxDowntime is not { } max)
                return;
            var raised = DowntimeSteps.Raise(limit, max, _limitOfPass, _passes.Number);
            if (raised != limit)
            {
                await hypervisor.SetDowntimeLimitAsync(transfer.Guest, raised, stopping);
                logger.DowntimeRaised(_mark.MigrationId, _passes.Number, limit.TotalMilliseconds, raised.TotalMilliseconds);
                _limit = raised;
            }
            _limitOfPass = _passes.Number;
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            logger.DowntimeNotRaised(_mark.MigrationId, error.Message);
        }
    }

    private MigrationProgressed Progress(Sample reading) => new()
    {
        EventId = courier.NewId(),
        OccurredAt = time.GetUtcNow(),
        MigrationId = _mark.MigrationId,
        Attempt = _mark.Attempt,
        Guest = transfer.Name,
        GuestUuid = transfer.Guest,
        Source = _mark.Source,
        Destination = _mark.Destination,
        Tenant = transfer.Tenant,
        Visibility = transfer.Visibility,
        AfterSequence = _mark.AfterSequence,
        Phase = reading.Phase switch
        {
            TransferPhase.Setup => Contracts.Migrations.TransferPhase.Setup,
            TransferPhase.Disks => Contracts.Migrations.TransferPhase.Disks,
            TransferPhase.PreCopy => Contracts.Migrations.TransferPhase.PreCopy,
            TransferPhase.PostCopy => Contracts.Migrations.TransferPhase.PostCopy,
        },
        Percent = _percent,
        Elapsed = reading.Elapsed,
        Pass = _passes.Number,
        RemainingBytes = reading.MemoryRemainingBytes + reading.DiskTotalBytes - reading.DiskProcessedBytes,
        TransferredBytes = reading.MemoryProcessedBytes + reading.DiskProcessedBytes,
        TotalBytes = reading.MemoryTotalBytes + reading.DiskTotalBytes,
        BytesPerSecond = _throughput.BytesPerSecond,
        DirtyBytesPerSecond = reading.DirtyBytesPerSecond,
        ThrottlePercent = reading.ThrottlePercent,
        DowntimeLimit = _limit ?? TimeSpan.Zero,
    };
}
