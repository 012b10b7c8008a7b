using Drover.Contracts.Agents;
using Drover.Hypervisors;
using Drover.Policy.Model;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Drover.Agent.Transfers;

/// <summary>
/// Removes what libvirt keeps of a guest that has moved away: its definition, shut off. Only the definition that carries this attempt's mark, under no newer
/// order: whatever else is there, somebody else put there.
/// </summary>
internal sealed class ForgetGuestConsumer(IHypervisor hypervisor, GuestGates gates, Patience patience, ILogger<ForgetGuestConsumer> logger) : IConsumer<ForgetGuest>
{
    public async Task Consume(ConsumeContext<ForgetGuest> context)
    {
        var order = context.Message;
        using var gate = await gates.Enter(order.GuestUuid, context.CancellationToken);
        try
        {
            var guest = await patience.Try(token => hypervisor.FindGuestAsync(order.GuestUuid, token), context.CancellationToken);
            if (guest is null)
                return;
            if (!IsLeftBy(order, guest.State))
            {
                logger.NotForgotten(order.MigrationId, guest.Name, "it is active, or its definition does not carry this attempt's mark");
                return;
            }

            await patience.Try(token => hypervisor.ForgetGuestAsync(order.GuestUuid, token), context.CancellationToken);
            logger.Forgotten(order.MigrationId, guest.Name);
        }
        catch (HypervisorException error)
        {
            if (error.Kind != HypervisorFailure.GuestGone)
                logger.NotForgotten(order.MigrationId, order.GuestUuid.ToString(), error.Message);
        }
    }

    private static bool IsLeftBy(ForgetGuest order, GuestState state) =>
        state is { Power: GuestPower.ShutOff, Job: GuestJob.None, Mark: { } mark } && mark.MigrationId == order.MigrationId && mark.Attempt == order.Attempt && mark.Epoch <= order.Epoch;
}
