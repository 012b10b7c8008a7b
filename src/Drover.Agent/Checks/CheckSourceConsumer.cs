using Drover.Agent.Reports;
using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Hypervisors;
using Drover.Policy.Model;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Drover.Agent.Checks;

/// <summary>Can this guest leave? Asks libvirt and changes nothing.</summary>
internal sealed class CheckSourceConsumer(IHypervisor hypervisor, Patience patience, IOptions<AgentOptions> options) : IConsumer<CheckSource>
{
    public async Task Consume(ConsumeContext<CheckSource> context)
    {
        var order = context.Message;
        var (guest, away) = await Find(order.GuestUuid, context.CancellationToken);
        await context.SendTo(Queues.Migrations, new SourceChecked
        {
            MigrationId = order.MigrationId,
            Attempt = order.Attempt,
            Epoch = order.Epoch,
            Refusal = away ?? Refusal(guest, order.Epoch, options.Value.Host),
            Persistent = guest?.Persistent ?? false,
            Sighting = away is not null ? Sighting.Away(away) : guest is null ? Sighting.None : Sighting.Of(guest),
        }, context.CancellationToken);
    }

    private async Task<(GuestFacts?, string? Away)> Find(Guid guest, CancellationToken cancellationToken)
    {
        try
        {
            return (await patience.Try(token => hypervisor.FindGuestAsync(guest, token), cancellationToken), null);
        }
        catch (HypervisorException error)
        {
            return (null, $"libvirt on {options.Value.Host} could not be asked: {error.Message}");
        }
    }

    /// <summary>Why a guest cannot be moved away from here; null when it can. The same is asked again when the transfer begins.</summary>
    internal static string? Refusal(GuestFacts? guest, long epoch, string host) => guest switch
    {
        null => $"the guest is not on {host}",
        { State.Mark: { } mark } when mark.Epoch > epoch => $"the order's epoch {epoch} is older than the guest's mark, {mark.Epoch}",
        { State.Reason: PowerReason.PostCopy or PowerReason.PostCopyFailed } => $"the guest's memory is split between two hosts (post-copy), {host} being one",
        // A paused guest would arrive paused, and nothing could tell that from an arrival that is not finished.
        { State.Power: not GuestPower.Running } => $"the guest does not run on {host}: it is {Sighting.Word(guest.State.Power)}; only a running guest is moved",
        { State.Job: not GuestJob.None } => $"a job is on the guest already: {Sighting.Word(guest.State.Job)}; it can move when that has ended",
        _ => null,
    };
}
