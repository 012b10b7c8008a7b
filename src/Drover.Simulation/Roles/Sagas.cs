using Drover.Store;
using Drover.Store.Sagas;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Saga;

namespace Drover.Simulation.Roles;

/// <summary>Raises a saga's event as MassTransit does on an endpoint: the machine's own correlation and policy, the store's own repository; no endpoint.</summary>
internal static class Sagas
{
    public static Task Raise<TSaga, T>(SagaStateMachine<TSaga> machine, ConsumeContext<T> context, DroverDbContext db)
        where TSaga : class, SagaStateMachineInstance
        where T : class
    {
        var correlation = machine.Correlations.OfType<EventCorrelation<TSaga, T>>().Single();
        var rows = new SagaRepositoryContextFactory<DroverDbContext, TSaga>(db, new SagaConsumeContextFactory<DroverDbContext, TSaga>());
        var raise = Pipe.New<SagaConsumeContext<TSaga, T>>(pipe => pipe.UseFilter(new StateMachineSagaMessageFilter<TSaga, T>(machine, correlation.Event)));
        var find = correlation.FilterFactory(new SagaRepository<TSaga>(rows), correlation.Policy, raise);
        var pipe = Pipe.New<ConsumeContext<T>>(pipe =>
        {
            pipe.UseFilter(correlation.MessageFilter);
            pipe.UseFilter(find);
        });
        return pipe.Send(context);
    }
}
