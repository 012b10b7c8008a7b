using Drover.Agent.Reports;
using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Hypervisors;
using Drover.Policy.Model;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Drover.Agent.Checks;

/// <summary>Can this guest come? Asks libvirt and changes nothing.</summary>
internal sealed class CheckDestinationConsumer(IHypervisor hypervisor, Patience patience, IOptions<AgentOptions> options) : IConsumer<CheckDestination>
{
    private readonly AgentOptions _options = options.Value;

    public async Task Consume(ConsumeContext<CheckDestination> context)
    {
        var order = context.Message;
        var (refusal, sighting) = await Look(order, context.CancellationToken);
        await context.SendTo(Queues.Migrations, new DestinationChecked
        {
            MigrationId = order.MigrationId,
            Attempt = order.Attempt,
            Epoch = order.Epoch,
            Refusal = refusal,
            Sighting = sighting,
            PeerUri = _options.PeerUri,
            MigrateUri = _options.MigrateUri,
        }, context.CancellationToken);
    }

    private async Task<(string? Refusal, GuestSighting Sighting)> Look(CheckDestination order, CancellationToken cancellationToken)
    {
        try
        {
            var guests = await patience.Try(hypervisor.ListGuestsAsync, cancellationToken);
            var host = await patience.Try(hypervisor.DescribeHostAsync, cancellationToken);
            var refusal = GuestRefusal(order, guests) ?? (host.FreeMemoryBytes >= order.MemoryBytes ? null
                : $"{_options.Host} has {host.FreeMemoryBytes} bytes of memory free, and the guest needs {order.MemoryBytes}");
            return (refusal, guests.FirstOrDefault(guest => guest.Uuid == order.GuestUuid) is { } there ? Sighting.Of(there) : Sighting.None);
        }
        catch (HypervisorException error)
        {
            return ($"libvirt on {_options.Host} could not be asked: {error.Message}", Sighting.Away(error.Message));
        }
    }

    /// <summary>
    /// libvirt takes a guest only where its UUID and name are free, or belong together to a definition that is off: the guest's own, left behind, which the
    /// arriving one replaces. Anything else is refused here, before the guest's memory is sent.
    /// </summary>
    private string? GuestRefusal(CheckDestination order, IReadOnlyList<GuestFacts> guests)
    {
        foreach (var guest in guests)
        {
            if (guest.Uuid == order.GuestUuid)
            {
                if (guest.State.Mark is { } mark && mark.Epoch > order.Epoch)
                    return $"the order's epoch {order.Epoch} is older than the guest's mark, {mark.Epoch}";
                if (guest.State.Power != GuestPower.ShutOff || guest.State.Job != GuestJob.None)
                    return $"the guest is on {_options.Host} already: it is {Sighting.Word(guest.State.Power)}, job {Sighting.Word(guest.State.Job)}";
                if (guest.Name != order.Guest)
                    return $"{_options.Host} has a definition of this guest under another name, \"{guest.Name}\"; undefine it there first";
            }
            else if (guest.Name == order.Guest)
                return $"{_options.Host} has another guest of the name \"{guest.Name}\", {guest.Uuid}; rename one of them";
        }
        return null;
    }
}
