using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Migrations;
using Drover.Contracts.Views;
using Drover.Store.Migrations;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Views;

/// <summary>A migration's row with its newest progress, as the views read it: in one query.</summary>
internal sealed class MigrationRows
{
    public required MigrationSaga Migration { get; init; }

    public required string? Progress { get; init; }

    public static IQueryable<MigrationRows> Of(DroverDbContext db, IQueryable<MigrationSaga> migrations) =>
        from migration in migrations.AsNoTracking()
        join progress in db.Progress.AsNoTracking() on migration.CorrelationId equals progress.MigrationId into looks
        from look in looks.DefaultIfEmpty()
        select new MigrationRows { Migration = migration, Progress = look == null ? null : look.Body };

    public MigrationView View() => new()
    {
        MigrationId = Migration.CorrelationId,
        State = MigrationStates.Public(Migration.CurrentState),
        Reason = Migration.StateReason,
        Guest = Migration.Guest,
        GuestUuid = Migration.GuestUuid,
        Source = Migration.Source,
        Destination = Migration.Destination,
        Priority = Migration.Priority,
        RequestedBy = Migration.RequestedBy,
        Tenant = Migration.Tenant,
        RequestedAt = Migration.RequestedAt,
        NotBefore = Migration.NotBefore,
        Deadline = Migration.Deadline,
        OnDeadline = Migration.OnDeadline,
        StartedAt = Migration.StartedAt,
        EndedAt = Migration.EndedAt,
        Progress = Progress is null ? null : JsonSerializer.Deserialize<MigrationProgressed>(Progress, ContractsJson.Tolerant),
        Downtime = Migration.Downtime,
        TransferredBytes = Migration.TransferredBytes,
        Passes = Migration.Passes,
    };
}
