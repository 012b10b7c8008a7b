namespace Drover.Store.Tests.Contract;

/// <summary>SQLite and the in-memory transport.</summary>
public sealed class EmbeddedFixture() : StoreFixture(Places.Embedded);
