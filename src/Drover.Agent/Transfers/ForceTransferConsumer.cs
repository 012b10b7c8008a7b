using Drover.Contracts.Agents;
using Drover.Hypervisors;
using Drover.Policy.Model;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Drover.Agent.Transfers;

/// <summary>
/// Lets a transfer end however long the guest pauses: its watch raises the downtime limit to QEMU's greatest, at once and again until that succeeds. Where
/// nothing of this attempt runs there is nothing to do, and nothing to say: the end tells.
/// </summary>
internal sealed class ForceTransferConsumer(IHypervisor hypervisor, RunningTransfers transfers, GuestGates gates, Epochs epochs, Settlement settlement, Patience patience,
    ILogger<ForceTransferConsumer> logger) : IConsumer<ForceTransfer>
{
    public async Task Consume(ConsumeContext<ForceTransfer> context)
    {
        var order = context.Message;
        using var gate = await gates.Enter(order.GuestUuid, context.CancellationToken);

        GuestFacts? guest = null;
        try
        {
            guest = await patience.Try(token => hypervisor.FindGuestAsync(order.GuestUuid, token), context.CancellationToken);
        }
        catch (HypervisorException error)
        {
            logger.NotForced(order.MigrationId, error.Message);     // its watch will, when the hypervisor is back
        }

        if (!epochs.Take(order.GuestUuid, order.Epoch, guest))
        {
            logger.NotForced(order.MigrationId, $"the order's epoch {order.Epoch} is older than {epochs.Highest(order.GuestUuid)}, which was seen");
            return;
        }

        var running = transfers.Of(order.GuestUuid) ?? Found(guest);
        if (running?.Is(order.MigrationId, order.Attempt) != true)
        {
            logger.NotForced(order.MigrationId, "no transfer of this attempt runs");
            return;
        }

        running.RaiseEpoch(order.Epoch);
        running.Force();
    }

    /// <summary>A job of ours that this process does not watch yet: it has just started.</summary>
    private RunningTransfer? Found(GuestFacts? guest) =>
        guest is { State.Job: GuestJob.MigrationOut } && settlement.Owes(guest) ? transfers.Attach(guest) : null;
}
