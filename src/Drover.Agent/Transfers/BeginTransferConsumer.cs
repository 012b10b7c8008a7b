using Drover.Agent.Checks;
using Drover.Agent.Presence;
using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Hypervisors;
using Drover.Policy.Model;
using Drover.Policy.Tuning;
using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Agent.Transfers;

/// <summary>
/// Begins a transfer, once: the mark is written first, and an order whose attempt the mark already names begins nothing, whoever wrote it. (An agent that dies
/// between the mark and the call costs the attempt; the other way round could move a guest twice.)
/// </summary>
internal sealed class BeginTransferConsumer(IHypervisor hypervisor, RunningTransfers transfers, GuestGates gates, Epochs epochs, Settlement settlement, Bars bars, Patience patience,
    Floor floor, TimeProvider time, IOptions<AgentOptions> options, ILogger<BeginTransferConsumer> logger) : IConsumer<BeginTransfer>
{
    private readonly string _host = options.Value.Host;

    public async Task Consume(ConsumeContext<BeginTransfer> context)
    {
        var order = context.Message;
        var cancellationToken = context.CancellationToken;
        using var gate = await gates.Enter(order.GuestUuid, cancellationToken);

        if (order.HostFloor is not null && floor.Known is null)
        {
            // The coordinator gives the order again.
            logger.NotBegun(order.MigrationId, order.Guest, $"{_host}'s epoch floor is not known yet: the agent has just started, or could not report for a while");
            return;
        }

        string? refusal;
        try
        {
            refusal = await CarryOutOrBar(order, cancellationToken);
        }
        catch (HypervisorException error)
        {
            // Nothing is known, so nothing is said: the coordinator gives the order again. "It never will" would be a promise that the next copy could break.
            logger.NotBegun(order.MigrationId, order.Guest, $"libvirt on {_host}: {error.Message}");
            return;
        }

        if (refusal is not null)
        {
            logger.NotBegun(order.MigrationId, order.Guest, refusal);
            await context.SendTo(Queues.Migrations,
                new TransferEnded { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, Error = refusal }, cancellationToken);
        }
        else if (transfers.Of(order.GuestUuid) is { HasJob: true } running)
            await context.SendTo(Queues.Migrations, running.Began(), cancellationToken);    // a repeated order; the first one's answer comes from the watch
    }

    /// <summary>Null when the transfer runs, or why it does not and never will.</summary>
    private async Task<string?> CarryOutOrBar(BeginTransfer order, CancellationToken cancellationToken)
    {
        var guest = await patience.Try(token => hypervisor.FindGuestAsync(order.GuestUuid, token), cancellationToken);
        string? refusal;
        try
        {
            refusal = await CarryOut(order, guest, cancellationToken);
        }
        catch (HypervisorException error) when (error.Kind is not (HypervisorFailure.Unavailable or HypervisorFailure.Busy))
        {
            guest = await patience.Try(token => hypervisor.FindGuestAsync(order.GuestUuid, token), cancellationToken);
            refusal = $"libvirt on {_host}: {error.Message}";
        }

        if (refusal is not null && transfers.Of(order.GuestUuid) is null)
            await bars.Set(order.MigrationId, order.Attempt, order.Epoch, order.GuestUuid, guest, cancellationToken);
        return refusal;
    }

    private async Task<string?> CarryOut(BeginTransfer order, GuestFacts? guest, CancellationToken cancellationToken)
    {
        if (order.HostFloor < floor.Known)
            return $"the order was given before {_host} was confirmed down (floor {order.HostFloor}, now {floor.Known})";
        if (!epochs.Take(order.GuestUuid, order.Epoch, guest))
            return $"the order's epoch {order.Epoch} is older than {epochs.Highest(order.GuestUuid)}, which was seen";
        if (epochs.IsBarred(order.GuestUuid, order.MigrationId, order.Attempt))
            return "this attempt was refused or aborted here";

        if (transfers.Of(order.GuestUuid) is { } running)
        {
            if (!running.Is(order.MigrationId, order.Attempt))
                return $"migration {running.Mark.MigrationId} moves the guest";
            running.RaiseEpoch(order.Epoch);
            return null;
        }
        if (guest?.State.Mark is { } mark && mark.MigrationId == order.MigrationId && mark.Attempt == order.Attempt)
        {
            if (guest.State.Job == GuestJob.MigrationOut && settlement.Owes(guest))
            {
                transfers.Attach(guest).RaiseEpoch(order.Epoch);
                return null;
            }
            await settlement.Settle(order.GuestUuid, cancellationToken);
            return "this attempt has ended here, or was barred by an abort";
        }
        if (order.Source != _host)
            return $"the order is for {order.Source}, and this is {_host}";
        if (CheckSourceConsumer.Refusal(guest, order.Epoch, _host) is { } refusal)
            return refusal;
        if (transfers.AreFull)
            return $"{_host} runs {options.Value.MaxTransfers} transfers already (Agent:MaxTransfers)";

        await Begin(order, guest!);
        return null;
    }

    /// <summary>Not cancelled by a stop half-way: the next agent would find the mark, and take the attempt for one that ended.</summary>
    private async Task Begin(BeginTransfer order, GuestFacts guest)
    {
        var cancellationToken = CancellationToken.None;
        // Where an earlier transfer was not settled, its mark has the limit from before Drover's; the present one is Drover's own.
        var before = settlement.Owes(guest)
            ? guest.State.Mark!.DowntimeLimitBefore!.Value
            : await patience.Try(token => hypervisor.GetDowntimeLimitAsync(order.GuestUuid, token), cancellationToken);
        var mark = new Mark
        {
            MigrationId = order.MigrationId,
            Attempt = order.Attempt,
            Epoch = order.Epoch,
            Source = order.Source,
            Destination = order.Destination,
            DowntimeLimitBefore = before,
            MaxDowntime = order.MaxDowntime,
            AfterSequence = order.AfterSequence,
        };
        var limit = DowntimeSteps.First(order.InitialDowntime, order.MaxDowntime);
        await patience.Try(token => hypervisor.WriteMarkAsync(order.GuestUuid, mark, token), cancellationToken);
        await patience.Try(token => hypervisor.SetDowntimeLimitAsync(order.GuestUuid, limit, token), cancellationToken);

        logger.Begins(order.MigrationId, order.Guest, order.Destination, limit.TotalMilliseconds);
        transfers.Start(new RunningTransfer(time)
        {
            Guest = order.GuestUuid,
            Name = order.Guest,
            Mark = mark,
            DowntimeLimit = limit,
            Tenant = order.Tenant,
            Visibility = order.Visibility,
            Plan = new TransferPlan
            {
                Guest = order.GuestUuid,
                PeerUri = order.PeerUri,
                MigrateUri = order.MigrateUri,
                BandwidthBytesPerSecond = order.BandwidthBytesPerSecond,
                Persistent = order.Persistent,
            },
        });
    }
}
