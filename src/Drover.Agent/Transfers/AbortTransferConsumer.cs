using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Hypervisors;
using Drover.Policy.Model;
using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Agent.Transfers;

/// <summary>
/// Stops a transfer, or sees to it that it does not begin any more. While a job runs its watch does the aborting, and its end is the answer; where what the
/// guest's libvirt has is not known, there is none: the next GuestReported tells.
/// </summary>
internal sealed class AbortTransferConsumer(IHypervisor hypervisor, RunningTransfers transfers, GuestGates gates, Epochs epochs, Settlement settlement, Bars bars, Patience patience,
    IOptions<AgentOptions> options, ILogger<AbortTransferConsumer> logger) : IConsumer<AbortTransfer>
{
    private readonly string _host = options.Value.Host;

    public async Task Consume(ConsumeContext<AbortTransfer> context)
    {
        var order = context.Message;
        var cancellationToken = context.CancellationToken;
        using var gate = await gates.Enter(order.GuestUuid, cancellationToken);

        GuestFacts? guest;
        try
        {
            guest = await patience.Try(token => hypervisor.FindGuestAsync(order.GuestUuid, token), cancellationToken);
        }
        catch (HypervisorException error)
        {
            logger.AbortWaits(order.MigrationId, error.Message);
            epochs.Take(order.GuestUuid, order.Epoch, null);
            if (transfers.Of(order.GuestUuid) is { } watched && watched.Is(order.MigrationId, order.Attempt))
                Tell(watched, order.Epoch);
            return;
        }

        if (!epochs.Take(order.GuestUuid, order.Epoch, guest))
        {
            await AnswerStale(order, context);
            return;
        }

        var running = transfers.Of(order.GuestUuid) ?? Found(guest);
        if (running?.Is(order.MigrationId, order.Attempt) != true)
        {
            if (running is null)
                await TryBar(order, guest, cancellationToken);
            await context.SendTo(Queues.Migrations, new TransferEnded
            {
                MigrationId = order.MigrationId,
                Attempt = order.Attempt,
                Epoch = order.Epoch,
                Error = $"no transfer of this attempt runs on {_host}",
            }, cancellationToken);
        }
        else if (guest?.State.Reason is PowerReason.PostCopy or PowerReason.PostCopyFailed)
        {
            // There is no way back, and trying would pause the guest. What is true is that the job is there.
            logger.AbortRefused(order.MigrationId, running.Name);
            running.RaiseEpoch(order.Epoch);
            await context.SendTo(Queues.Migrations, running.Began(), cancellationToken);
        }
        else
            Tell(running, order.Epoch);
    }

    /// <summary>
    /// Not carried out, but answered: a coordinator whose database was restored from an older backup learns the highest epoch seen, and goes on above it. What it
    /// wanted barred is barred by that epoch.
    /// </summary>
    private Task AnswerStale(AbortTransfer order, ConsumeContext context)
    {
        var highest = epochs.Highest(order.GuestUuid);
        logger.AbortIsStale(order.MigrationId, order.Epoch, highest);
        if (transfers.Of(order.GuestUuid) is { } running && running.Is(order.MigrationId, order.Attempt))
            return context.SendTo(Queues.Migrations, running.Began() with { Epoch = Math.Max(highest, running.Epoch) }, context.CancellationToken);
        return context.SendTo(Queues.Migrations, new TransferEnded
        {
            MigrationId = order.MigrationId,
            Attempt = order.Attempt,
            Epoch = highest,
            Error = $"no transfer of this attempt runs on {_host}, and orders up to epoch {highest} are refused",
        }, context.CancellationToken);
    }

    /// <summary>A job of ours that this process does not watch yet: it has just started.</summary>
    private RunningTransfer? Found(GuestFacts? guest) =>
        guest is { State.Job: GuestJob.MigrationOut } && settlement.Owes(guest) ? transfers.Attach(guest) : null;

    private static void Tell(RunningTransfer transfer, long epoch)
    {
        transfer.RaiseEpoch(epoch);
        transfer.OrderAbort();
    }

    /// <summary>What cannot be written now this process remembers.</summary>
    private async Task TryBar(AbortTransfer order, GuestFacts? guest, CancellationToken cancellationToken)
    {
        try
        {
            await bars.Set(order.MigrationId, order.Attempt, order.Epoch, order.GuestUuid, guest, cancellationToken);
        }
        catch (HypervisorException error)
        {
            logger.NotBarred(order.MigrationId, error.Message);
        }
    }
}
