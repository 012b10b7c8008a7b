using Drover.Contracts.Agents;
using MassTransit;

namespace Drover.Coordinator.Guests;

/// <summary>A host's answer to how many copies of a guest run.</summary>
internal sealed class CopiesConsumer(CopiesInquiry inquiry) : IConsumer<GuestReported>
{
    public Task Consume(ConsumeContext<GuestReported> context) => inquiry.Take(context, context.Message);
}
