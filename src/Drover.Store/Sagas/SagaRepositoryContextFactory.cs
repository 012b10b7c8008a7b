using Drover.Store.Outbox;
using MassTransit;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Sagas;

/// <summary>
/// Runs a saga's message in the scope's DbContext: within the outbox's transaction where there is one, else in one of its own. Instances are locked while a
/// message is handled; the version is a second line of defence.
/// </summary>
internal sealed class SagaRepositoryContextFactory<TDbContext, TSaga>(TDbContext db, ISagaConsumeContextFactory<TDbContext, TSaga> factory)
    : ISagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TDbContext : DbContext
    where TSaga : class, ISaga
{
    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next)
        where T : class => InTransaction(() => next.Send(new SagaRepository<TDbContext, TSaga, T>(db, context, factory)), context.CancellationToken);

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class => InTransaction(
            async () =>
            {
                var instances = await SagaLock<TSaga>.Load(db, query, context.CancellationToken);
                var repository = new SagaRepository<TDbContext, TSaga, T>(db, context, factory);
                await next.Send(new LoadedSagaRepositoryQueryContext<TSaga, T>(repository, instances));
            },
            context.CancellationToken);

    public Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken)
        where T : class => asyncMethod(new SagaReader<TSaga>(db, cancellationToken));

    public Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken)
        where T : class => asyncMethod(new SagaReader<TSaga>(db, cancellationToken));

    public void Probe(ProbeContext context) => context.Add("dbContext", db.GetType().Name);

    private async Task InTransaction(Func<Task> work, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            await work();
            return;
        }

        await using var transaction = await db.BeginWriteTransaction(cancellationToken);
        await work();
        await transaction.Commit(cancellationToken);
    }
}
