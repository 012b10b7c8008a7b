using Drover.Testing;

namespace Drover.Store.Tests.Contract;

/// <summary>PostgreSQL and RabbitMQ, both real.</summary>
public sealed class ClusteredFixture(PrivatePostgres postgres, PrivateRabbitMq rabbitMq) : StoreFixture(() => Places.Clustered(postgres, rabbitMq));
