using Drover.Store.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Tests.Contract;

/// <summary>The smallest context that the store works on: a saga, a table of effects, inbox and outbox.</summary>
public sealed class TestDbContext(DbContextOptions<TestDbContext> options) : DbContext(options)
{
    public DbSet<Tally> Tallies => Set<Tally>();
    public DbSet<Effect> Effects => Set<Effect>();
    public DbSet<InboxState> Inbox => Set<InboxState>();
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Tally>(tally =>
        {
            tally.ToTable("tally");
            tally.HasKey(row => row.CorrelationId);
            tally.Property(row => row.CorrelationId).HasColumnName("correlation_id").ValueGeneratedNever();
            tally.Property(row => row.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<Effect>().ToTable("effect").HasKey(row => row.Id);
        modelBuilder.AddInboxStateEntity();
        modelBuilder.AddOutboxMessageEntity();
    }
}

/// <summary>One thing done by a consumer. Nothing is unique but the id, so that a thing done twice shows.</summary>
public sealed class Effect
{
    public long Id { get; set; }
    public required Guid TallyId { get; init; }
    public required int Total { get; init; }
}
