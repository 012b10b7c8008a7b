using MassTransit;

namespace Drover.Store.Tests.Contract;

/// <summary>A plain consumer behind the inbox: leaves one row per message, and in a chain asks the tally for the next.</summary>
public sealed class CountedConsumer(TestDbContext db) : IConsumer<Counted>
{
    public async Task Consume(ConsumeContext<Counted> context)
    {
        var counted = context.Message;
        db.Effects.Add(new Effect { TallyId = counted.TallyId, Total = counted.Total });
        if (counted.Total < counted.Until)
            await context.Publish(new Count { TallyId = counted.TallyId, Until = counted.Until });
    }
}

/// <summary>Sees when a message has failed for good.</summary>
public sealed class FailedCountConsumer(Arrivals arrivals) : IConsumer<Fault<Count>>
{
    public Task Consume(ConsumeContext<Fault<Count>> context)
    {
        arrivals.AddFault(context.Message.Message.TallyId);
        return Task.CompletedTask;
    }
}
