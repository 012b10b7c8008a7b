using Drover.Store.Admission;
using Drover.Store.Hosts;
using Drover.Store.Migrations;
using Drover.Store.Outbox;
using Drover.Store.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Drover.Store;

/// <summary>
/// Everything that one transaction must hold together: sagas, slots, events, journal, inbox and outbox. The databases have one derived context each,
/// only so that each keeps its own schema history.
/// </summary>
public abstract class DroverDbContext : DbContext
{
    /// <summary>Opens nothing by itself.</summary>
    protected DroverDbContext(DbContextOptions options)
        : base(options)
    {
        // EF would wrap each save inside a transaction in a savepoint: two more round trips, and no use, since a failed save ends the whole message.
        Database.AutoSavepointsEnabled = false;
    }

    /// <summary>Migrations.</summary>
    public DbSet<MigrationSaga> Migrations => Set<MigrationSaga>();

    /// <summary>Hosts.</summary>
    public DbSet<HostSaga> Hosts => Set<HostSaga>();

    /// <summary>Published events.</summary>
    public DbSet<EventRow> Events => Set<EventRow>();

    /// <summary>Decisions.</summary>
    public DbSet<JournalRow> Journal => Set<JournalRow>();

    /// <summary>The newest progress of each migration.</summary>
    public DbSet<ProgressRow> Progress => Set<ProgressRow>();

    /// <summary>Ids of migrations that retention has taken.</summary>
    public DbSet<TombstoneRow> Tombstones => Set<TombstoneRow>();

    /// <summary>Lanes.</summary>
    public DbSet<LaneRow> Lanes => Set<LaneRow>();

    /// <summary>Slots held.</summary>
    public DbSet<SlotRow> Slots => Set<SlotRow>();

    /// <summary>Migrations that wait for slots.</summary>
    public DbSet<WaitingRow> Waiting => Set<WaitingRow>();

    /// <summary>What agents last said of their hosts.</summary>
    public DbSet<HostReportRow> HostReports => Set<HostReportRow>();

    /// <summary>The guests in their inventories.</summary>
    public DbSet<GuestRow> Guests => Set<GuestRow>();

    /// <summary>Where guests were last known to run.</summary>
    public DbSet<GuestPlaceRow> Places => Set<GuestPlaceRow>();

    /// <summary>Guests that seem to run, or do run, more than once.</summary>
    public DbSet<GuestCopiesRow> Copies => Set<GuestCopiesRow>();

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // Durations as ticks on both databases: exact, and comparable on SQLite.
        configurationBuilder.Properties<TimeSpan>().HaveConversion<TimeSpanToTicksConverter>();
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<MigrationSaga>(migration =>
        {
            migration.ToTable("migration");
            migration.HasKey(row => row.CorrelationId);
            migration.Property(row => row.CorrelationId).ValueGeneratedNever();
            migration.Property(row => row.Version).IsConcurrencyToken();
            migration.Property(row => row.OnDeadline).HasConversion<string>();
            migration.Ignore(row => row.Refused);
            migration.Ignore(row => row.LeftTheQueue);
            migration.HasIndex(row => new { row.GuestUuid, row.Epoch });
            migration.HasIndex(row => row.GuestUuid).IsUnique().HasFilter("ended_at IS NULL").HasDatabaseName("one_unfinished_migration_per_guest");
            migration.HasIndex(row => row.CheckAt).HasFilter("check_at IS NOT NULL");
            migration.HasIndex(row => row.RequestedAt);
            migration.HasIndex(row => row.EndedAt).HasFilter("ended_at IS NOT NULL");
        });
        modelBuilder.Entity<HostSaga>(host =>
        {
            host.ToTable("host");
            host.HasKey(row => row.CorrelationId);
            host.Property(row => row.CorrelationId).ValueGeneratedNever();
            host.Property(row => row.Version).IsConcurrencyToken();
            host.HasIndex(row => row.Host).IsUnique();
        });
        modelBuilder.Entity<EventRow>(row =>
        {
            row.ToTable("event");
            row.HasKey(e => e.Id);
            row.HasIndex(e => new { e.MigrationId, e.Sequence }).IsUnique();
        });
        modelBuilder.Entity<JournalRow>(row =>
        {
            row.ToTable("journal");
            row.HasKey(j => j.Id);
            row.HasIndex(j => j.MigrationId);
        });
        modelBuilder.Entity<ProgressRow>(row =>
        {
            row.ToTable("progress");
            row.HasKey(p => p.MigrationId);
            row.Property(p => p.MigrationId).ValueGeneratedNever();
        });
        modelBuilder.Entity<TombstoneRow>(row =>
        {
            row.ToTable("tombstone");
            row.HasKey(tombstone => tombstone.MigrationId);
            row.Property(tombstone => tombstone.MigrationId).ValueGeneratedNever();
        });
        modelBuilder.Entity<LaneRow>(row =>
        {
            row.ToTable("lane");
            row.HasKey(lane => lane.Name);
            row.HasIndex(lane => lane.Host);
        });
        modelBuilder.Entity<SlotRow>(row =>
        {
            row.ToTable("slot");
            row.HasKey(slot => new { slot.Lane, slot.Number });
            row.HasIndex(slot => new { slot.MigrationId, slot.Lane }).IsUnique();
            row.HasOne<LaneRow>().WithMany().HasForeignKey(slot => slot.Lane).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<WaitingRow>(row =>
        {
            row.ToTable("waiting");
            row.HasKey(waiting => waiting.Arrival);
            row.HasIndex(waiting => waiting.MigrationId).IsUnique();
            row.HasIndex(waiting => new { waiting.OutLane, waiting.Priority, waiting.Arrival }).IsDescending(false, true, false);
            row.HasIndex(waiting => new { waiting.InLane, waiting.Priority, waiting.Arrival }).IsDescending(false, true, false);
        });
        modelBuilder.Entity<HostReportRow>(row =>
        {
            row.ToTable("host_report");
            row.HasKey(report => report.Host);
            row.HasIndex(report => report.LastReportAt);
        });
        modelBuilder.Entity<GuestRow>(row =>
        {
            row.ToTable("guest");
            row.HasKey(guest => new { guest.Host, guest.Uuid });
            row.HasIndex(guest => guest.Uuid);
            row.HasIndex(guest => guest.Name);
            row.HasIndex(guest => guest.Job).HasFilter("job <> 'none'");
        });
        modelBuilder.Entity<GuestPlaceRow>(row =>
        {
            row.ToTable("guest_place");
            row.HasKey(place => place.Uuid);
            row.Property(place => place.Uuid).ValueGeneratedNever();
        });
        modelBuilder.Entity<GuestCopiesRow>(row =>
        {
            row.ToTable("guest_copies");
            row.HasKey(copies => copies.Uuid);
            row.Property(copies => copies.Uuid).ValueGeneratedNever();
            row.HasIndex(copies => copies.Inquiry).IsUnique();
            row.HasIndex(copies => copies.CheckAt);
        });
        modelBuilder.AddInboxStateEntity();
        modelBuilder.AddOutboxMessageEntity();
        SnakeCase.Apply(modelBuilder);
    }
}
