using Drover.Contracts.Agents;
using MassTransit;

namespace Drover.Agent.Presence;

/// <summary>Learns the host's epoch floor; what another process of this host asked for is passed over.</summary>
internal sealed class HostFloorConsumer(Floor floor, HostReporter reporter) : IConsumer<HostFloor>
{
    public Task Consume(ConsumeContext<HostFloor> context)
    {
        if (context.Message.AgentId == reporter.AgentId)
            floor.Learn(context.Message.Floor, context.Message.Report, context.Message.GoodFor);
        return Task.CompletedTask;
    }
}
