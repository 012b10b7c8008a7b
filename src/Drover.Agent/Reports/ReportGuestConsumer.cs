using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Hypervisors;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Drover.Agent.Reports;

/// <summary>Testifies what this host's libvirt says of a guest now. What could not be asked is said, not guessed: testimony decides where a guest runs.</summary>
internal sealed class ReportGuestConsumer(IHypervisor hypervisor, IOptions<AgentOptions> options) : IConsumer<ReportGuest>
{
    public async Task Consume(ConsumeContext<ReportGuest> context)
    {
        var question = context.Message;
        await context.SendTo(question.AboutCopies ? Queues.HostReports : Queues.Migrations, new GuestReported
        {
            MigrationId = question.MigrationId,
            Question = question.Question,
            Host = options.Value.Host,
            Sighting = await Look(question.GuestUuid, context.CancellationToken),
        }, context.CancellationToken);
    }

    private async Task<GuestSighting> Look(Guid guest, CancellationToken cancellationToken)
    {
        try
        {
            return await hypervisor.FindGuestAsync(guest, cancellationToken) is { } found ? Sighting.Of(found) : Sighting.None;
        }
        catch (HypervisorException error)
        {
            return Sighting.Away(error.Message);
        }
    }
}
