using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Sagas;

/// <summary>Says where a saga is kept.</summary>
public sealed class EntityFrameworkSagaRepositoryConfigurator<TSaga>
    where TSaga : class, ISaga
{
    private Action<ISagaRepositoryRegistrationConfigurator<TSaga>>? register;

    /// <summary>Keeps the saga in a DbContext that the container knows; the scope's instance is shared with the outbox.</summary>
    public void ExistingDbContext<TDbContext>()
        where TDbContext : DbContext => register = services =>
        {
            services.RegisterLoadSagaRepository<TSaga, SagaRepositoryContextFactory<TDbContext, TSaga>>();
            services.RegisterQuerySagaRepository<TSaga, SagaRepositoryContextFactory<TDbContext, TSaga>>();
            services.RegisterSagaRepository<
                TSaga, TDbContext, SagaConsumeContextFactory<TDbContext, TSaga>, SagaRepositoryContextFactory<TDbContext, TSaga>>();
        };

    internal void Register(ISagaRepositoryRegistrationConfigurator<TSaga> services) =>
        (register ?? throw new ConfigurationException($"The repository of {typeof(TSaga).Name} needs ExistingDbContext<TDbContext>()."))(services);
}
