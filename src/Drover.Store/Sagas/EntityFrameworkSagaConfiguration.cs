using MassTransit;

namespace Drover.Store.Sagas;

/// <summary>Registers saga repositories with the names of MassTransit.EntityFrameworkCore, which could take this place.</summary>
public static class EntityFrameworkSagaConfiguration
{
    /// <summary>Keeps a saga in a DbContext.</summary>
    public static ISagaRegistrationConfigurator<TSaga> EntityFrameworkRepository<TSaga>(
        this ISagaRegistrationConfigurator<TSaga> configurator, Action<EntityFrameworkSagaRepositoryConfigurator<TSaga>> configure)
        where TSaga : class, ISaga
    {
        var repository = new EntityFrameworkSagaRepositoryConfigurator<TSaga>();
        configure(repository);
        configurator.Repository(repository.Register);
        return configurator;
    }

    /// <summary>Says that the database is PostgreSQL, as MassTransit.EntityFrameworkCore asks for. Here the statements follow the DbContext's provider.</summary>
    public static EntityFrameworkSagaRepositoryConfigurator<TSaga> UsePostgres<TSaga>(this EntityFrameworkSagaRepositoryConfigurator<TSaga> configurator)
        where TSaga : class, ISaga => configurator;

    /// <summary>Says that the database is SQLite, as MassTransit.EntityFrameworkCore asks for. Here the statements follow the DbContext's provider.</summary>
    public static EntityFrameworkSagaRepositoryConfigurator<TSaga> UseSqlite<TSaga>(this EntityFrameworkSagaRepositoryConfigurator<TSaga> configurator)
        where TSaga : class, ISaga => configurator;
}
