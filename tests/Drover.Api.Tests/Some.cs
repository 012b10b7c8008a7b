using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Commands;
using Drover.Contracts.Migrations;
using Drover.Store.Admission;
using Drover.Store.Hosts;
using Drover.Store.Migrations;

namespace Drover.Api.Tests;

/// <summary>Rows as the coordinator writes them.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static MigrationSaga Migration(
        string guest = "web-1", string state = "PreCopying", string source = "host-a", string destination = "host-b", DateTimeOffset? at = null, Guid? id = null) => new()
        {
            CorrelationId = id ?? Guid.CreateVersion7(),
            Version = 1,
            CurrentState = state,
            StateReason = state == "Failed" ? "the link broke" : null,
            BodyDigest = "digest",
            Guest = guest,
            GuestUuid = Guid.NewGuid(),
            GuestMemoryBytes = 1 << 28,
            Source = source,
            Destination = destination,
            Priority = 5,
            Attempt = 1,
            RequestedAt = at ?? Noon,
            EndedAt = state is "Completed" or "Failed" or "Cancelled" ? (at ?? Noon).AddSeconds(12.3) : null,
        };

    public static ProgressRow Progress(MigrationSaga of, int percent = 43, long pass = 3) => new()
    {
        MigrationId = of.CorrelationId,
        OccurredAt = Noon,
        Body = JsonSerializer.Serialize(new MigrationProgressed
        {
            EventId = Guid.NewGuid(),
            OccurredAt = Noon,
            MigrationId = of.CorrelationId,
            Attempt = 1,
            Guest = of.Guest,
            GuestUuid = of.GuestUuid,
            Source = of.Source,
            Destination = of.Destination,
            Visibility = Visibility.Tenant,
            AfterSequence = 3,
            Phase = TransferPhase.PreCopy,
            Percent = percent,
            Elapsed = TimeSpan.FromSeconds(8),
            Pass = pass,
            RemainingBytes = 120L << 20,
            TransferredBytes = 300L << 20,
            TotalBytes = 256L << 20,
            BytesPerSecond = 100L << 20,
            DirtyBytesPerSecond = 20L << 20,
            ThrottlePercent = 0,
            DowntimeLimit = TimeSpan.FromMilliseconds(300),
        }, ContractsJson.Tolerant),
    };

    public static EventRow Event(Guid migration, long sequence, string key) => new()
    {
        MigrationId = migration,
        Sequence = sequence,
        RoutingKey = key,
        OccurredAt = Noon,
        Body = $$"""{"sequence":{{sequence}},"occurredAt":"2026-01-31T12:00:00Z","reason":"because"}""",
    };

    public static EventRow Rejection(Guid migration, RejectionCode code = RejectionCode.UnknownGuest, string command = "migrate-guest") => new()
    {
        MigrationId = migration,
        RoutingKey = "command.rejected",
        OccurredAt = Noon,
        Body = JsonSerializer.Serialize(new CommandRejected
        {
            EventId = Guid.NewGuid(),
            OccurredAt = Noon,
            Command = command,
            Code = code,
            Message = "No host reports a guest \"nobody\".",
            MigrationId = migration,
        }, ContractsJson.Tolerant),
    };

    public static JournalRow Decision(Guid migration) =>
        new() { MigrationId = migration, At = Noon, Kind = "admission", Decision = "admitted", Reason = "both lanes are free", Inputs = "{}" };

    public static HostReportRow Host(string name, bool silent = false, string? libvirtAway = null) => new()
    {
        Host = name,
        AgentId = Guid.NewGuid(),
        Report = 7,
        LastReportAt = Noon,
        Silent = silent,
        LibvirtAway = libvirtAway,
        Inventory = """{"hostUuid":"0199d0a0-0000-7000-8000-000000000001","libvirtVersion":"9.0.0","qemuVersion":"7.2.0","memoryBytes":8589934592,"somethingNew":1}""",
    };

    public static LaneRow Lane(string name, string host, int limit = 2) => new() { Name = name, Host = host, Limit = limit };

    public static GuestRow Guest(string host, string power = "running") =>
        new() { Host = host, Uuid = Guid.NewGuid(), Name = "g", MemoryBytes = 1 << 28, Vcpus = 1, Power = power, Job = "none" };
}
