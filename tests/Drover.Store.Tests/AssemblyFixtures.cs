using Drover.Testing;

[assembly: AssemblyFixture(typeof(PrivatePostgres))]
[assembly: AssemblyFixture(typeof(PrivateRabbitMq))]
