using MassTransit;

namespace Drover.Store.Tests.Contract;

/// <summary>The test saga: counts messages, so that a lost or doubled one shows.</summary>
public sealed class Tally : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }
    public string CurrentState { get; set; } = "";
    public int Version { get; set; }
    public int Total { get; set; }
}

/// <summary>Publishes, is then sabotaged where a test wants it, and is saved last.</summary>
public sealed class TallyStateMachine : MassTransitStateMachine<Tally>
{
    public TallyStateMachine()
    {
        InstanceState(tally => tally.CurrentState);
        Event(() => Count, e => e.CorrelateById(context => context.Message.TallyId));
        Event(() => EndAll, e =>
        {
            e.CorrelateBy((tally, context) => tally.Total == context.Message.Total);
            e.OnMissingInstance(missing => missing.Discard());
        });
        Initially(When(Count).CountAndPublish().TransitionTo(Counting));
        During(Counting, When(Count).CountAndPublish(), When(EndAll).Finalize());
        SetCompletedWhenFinalized();
    }

    public State Counting { get; private set; } = null!;
    public Event<Count> Count { get; private set; } = null!;
    public Event<EndAll> EndAll { get; private set; } = null!;
}

internal static class TallySteps
{
    public static EventActivityBinder<Tally, Count> CountAndPublish(this EventActivityBinder<Tally, Count> binder) => binder
        .Then(context => context.Saga.Total++)
        .Publish(context => new Counted { TallyId = context.Saga.CorrelationId, Total = context.Saga.Total, Until = context.Message.Until })
        .ThenAsync(context => context.GetServiceOrCreateInstance<Sabotage>().Strike(context.Saga.CorrelationId));
}
