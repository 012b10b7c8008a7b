using Drover.Testing;

namespace Drover.Store.Tests.Contract;

/// <summary>PostgreSQL and RabbitMQ, both real.</summary>
public sealed class ClusteredFixture(PrivatePostgres postgres, PrivateRabbitMq rabbitMq) : StoreFixture
{
    public override async Task<TestHost.Place> NewPlace() => new(await postgres.CreateDatabase(), await rabbitMq.CreateVirtualHost());
}
