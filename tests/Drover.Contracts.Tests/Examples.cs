using Drover.Contracts.Commands;
using Drover.Contracts.Guests;
using Drover.Contracts.Hosts;
using Drover.Contracts.Migrations;

namespace Drover.Contracts.Tests;

/// <summary>One body of every public message, with every member filled: they stand in the schemas and are what a reader copies.</summary>
public static class Examples
{
    private static readonly Guid _migration = Guid.Parse("0198f3c2-5d1e-7a44-9b1f-6c1de8a7f001");
    private static readonly Guid _guest = Guid.Parse("5a1c3f0e-8d5b-4a57-9f6d-2b7f3f8f9a01");
    private static readonly DateTimeOffset _noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<object> All { get; } =
    [
        new MigrateGuest
        {
            MigrationId = _migration,
            Guest = "web-1",
            Source = "host-a",
            Destination = "host-b",
            Priority = 5,
            NotBefore = _noon,
            Deadline = _noon.AddHours(8),
            OnDeadline = OnDeadline.Report,
            Overrides = new TuningOverrides { MaxDowntime = TimeSpan.FromMilliseconds(500), BandwidthBytesPerSecond = 128 << 20 },
            RequestedBy = "maintenance",
            Reason = "new firmware on host-a",
            Tenant = "blue",
            Visibility = Visibility.Tenant,
        },
        new ResolveMigration
        {
            MigrationId = _migration, Outcome = ResolvedOutcome.Completed, Statement = "web-1 runs on host-b", RequestedBy = "anna", Reason = "virsh list on host-b shows it; host-a has no power",
        },
        new ConfirmHostDown { Host = "host-a", RequestedBy = "anna", Reason = "power is off, checked by IPMI" },
        new CancelMigration { MigrationId = _migration, RequestedBy = "maintenance", Reason = "the window has closed" },
        Step(1, (id, at, n) => new MigrationRequested
        {
            EventId = id, OccurredAt = at, Sequence = n, MigrationId = _migration, Attempt = 1, Guest = "web-1", GuestUuid = _guest, Source = "host-a", Destination = "host-b",
            Tenant = "blue", Visibility = Visibility.Tenant, Priority = 5, RequestedBy = "maintenance", Reason = "new firmware on host-a",
            NotBefore = _noon, Deadline = _noon.AddHours(8), OnDeadline = OnDeadline.Report,
        }),
        Step(2, (id, at, n) => new MigrationQueued
        {
            EventId = id, OccurredAt = at, Sequence = n, MigrationId = _migration, Attempt = 1, Guest = "web-1", GuestUuid = _guest, Source = "host-a", Destination = "host-b",
            Tenant = "blue", Visibility = Visibility.Tenant, BlockedBy = "in:host-b", Reason = "in:host-b 2/2",
        }),
        Step(3, (id, at, n) => new MigrationAdmitted
        {
            EventId = id, OccurredAt = at, Sequence = n, MigrationId = _migration, Attempt = 1, Guest = "web-1", GuestUuid = _guest, Source = "host-a", Destination = "host-b",
            Tenant = "blue", Visibility = Visibility.Tenant, Lanes = ["out:host-a", "in:host-b"], Reason = "a slot of in:host-b became free",
        }),
        Step(4, (id, at, n) => new MigrationStarted
        {
            EventId = id, OccurredAt = at, Sequence = n, MigrationId = _migration, Attempt = 1, Guest = "web-1", GuestUuid = _guest, Source = "host-a", Destination = "host-b",
            Tenant = "blue", Visibility = Visibility.Tenant, InitialDowntime = TimeSpan.FromMilliseconds(50), MaxDowntime = TimeSpan.FromMilliseconds(500),
            BandwidthBytesPerSecond = 128 << 20, Reason = "the request sets both",
        }),
        Step(5, (id, at, n) => new MigrationProgressed
        {
            EventId = id, OccurredAt = at, AfterSequence = 4, MigrationId = _migration, Attempt = 1, Guest = "web-1", GuestUuid = _guest, Source = "host-a", Destination = "host-b",
            Tenant = "blue", Visibility = Visibility.Tenant, Phase = TransferPhase.PreCopy, Percent = 62, Elapsed = TimeSpan.FromSeconds(11), Pass = 2, RemainingBytes = 40_230_912,
            TransferredBytes = 1_181_116_006, TotalBytes = 2_147_483_648, BytesPerSecond = 117_440_512, DirtyBytesPerSecond = 20_971_520, ThrottlePercent = 0,
            DowntimeLimit = TimeSpan.FromMilliseconds(50),
        }),
        Step(5, (id, at, n) => new MigrationStruggling
        {
            EventId = id, OccurredAt = at, Sequence = n, MigrationId = _migration, Attempt = 1, Guest = "web-1", GuestUuid = _guest, Source = "host-a", Destination = "host-b",
            Tenant = "blue", Visibility = Visibility.Tenant, Reason = "deadline missed: it still moves (memory moves)",
            WouldHelp = "give it a longer pause or more of the link, or cancel it",
        }),
        Step(5, (id, at, n) => new MigrationEscalated
        {
            EventId = id, OccurredAt = at, Sequence = n, MigrationId = _migration, Attempt = 1, Guest = "web-1", GuestUuid = _guest, Source = "host-a", Destination = "host-b",
            Tenant = "blue", Visibility = Visibility.Tenant, Rung = Rung.Priority, Priority = 9, DowntimeLimit = TimeSpan.FromSeconds(2000),
            Reason = "deadline missed: it still waits (in:host-b 2/2); its priority is raised from 5 to 9, no limit is broken for it, and once it moves its pause is not limited",
        }),
        Step(5, (id, at, n) => new MigrationUnsure
        {
            EventId = id, OccurredAt = at, Sequence = n, MigrationId = _migration, Attempt = 1, Guest = "web-1", GuestUuid = _guest, Source = "host-a", Destination = "host-b",
            Tenant = "blue", Visibility = Visibility.Tenant, Reason = "host-a has been silent for 15 s; both hosts are asked",
        }),
        Step(6, (id, at, n) => new MigrationCompleted
        {
            EventId = id, OccurredAt = at, Sequence = n, MigrationId = _migration, Attempt = 1, Guest = "web-1", GuestUuid = _guest, Source = "host-a", Destination = "host-b",
            Tenant = "blue", Visibility = Visibility.Tenant, Duration = TimeSpan.FromSeconds(23), Downtime = TimeSpan.FromMilliseconds(41), TransferredBytes = 2_362_232_012, Passes = 4,
            Reason = "web-1 runs on host-b with this attempt's mark; host-a has let go of it",
        }),
        Step(6, (id, at, n) => new MigrationCancelled
        {
            EventId = id, OccurredAt = at, Sequence = n, MigrationId = _migration, Attempt = 1, Guest = "web-1", GuestUuid = _guest, Source = "host-a", Destination = "host-b",
            Tenant = "blue", Visibility = Visibility.Tenant, RequestedBy = "maintenance", Reason = "the window has closed; web-1 runs on host-a",
        }),
        Step(6, (id, at, n) => new MigrationFailed
        {
            EventId = id, OccurredAt = at, Sequence = n, MigrationId = _migration, Attempt = 1, Guest = "web-1", GuestUuid = _guest, Source = "host-a", Destination = "host-b",
            Tenant = "blue", Visibility = Visibility.Tenant, Code = FailureCode.TransferFailed, Reason = "the connection to host-b broke; web-1 runs on host-a",
        }),
        Step(1, (id, at, _) => new HostAppeared { EventId = id, OccurredAt = at, Host = "host-b", OutLimit = 2, InLimit = 2 }),
        Step(2, (id, at, _) => new HostSilent { EventId = id, OccurredAt = at, Host = "host-b", LastReportAt = at.AddSeconds(-15) }),
        Step(3, (id, at, _) => new HostBack { EventId = id, OccurredAt = at, Host = "host-b", SilentSince = at.AddSeconds(-40) }),
        Step(4, (id, at, _) => new HostConfirmedDown { EventId = id, OccurredAt = at, Host = "host-a", RequestedBy = "anna", Reason = "power is off, checked by IPMI" }),
        Step(5, (id, at, _) => new HostConfirmationWithdrawn { EventId = id, OccurredAt = at, Host = "host-a", ConfirmedAt = at.AddMinutes(-12) }),
        Step(6, (id, at, _) => new HostUnreachable { EventId = id, OccurredAt = at, Host = "host-a", Order = "ReportGuest", MigrationId = _migration, Reason = "no agent took it in its time" }),
        Step(1, (id, at, _) => new GuestMoved
        {
            EventId = id, OccurredAt = at, Guest = "web-1", GuestUuid = _guest, From = "host-a", To = "host-c", Reason = "no migration of Drover's is known to have moved it",
        }),
        Step(2, (id, at, _) => new GuestTwoCopies { EventId = id, OccurredAt = at, Guest = "web-1", GuestUuid = _guest, Hosts = ["host-a", "host-b"], Reason = "host-a and host-b say that it runs there, asked twice" }),
        Step(3, (id, at, _) => new GuestTwoCopiesOver { EventId = id, OccurredAt = at, Guest = "web-1", GuestUuid = _guest, Host = "host-b", Reason = "only host-b says that it runs there" }),
        Step(1, (id, at, _) => new CommandRejected
        {
            EventId = id, OccurredAt = at, Command = "migrate-guest", Code = RejectionCode.UnknownMember, Message = "There is no member \"destinaton\"; did you mean \"destination\"?",
            MigrationId = _migration, Host = "host-a", CommandMessageId = "0198f3c2-5d1e-7a44-9b1f-6c1de8a7f0ff",
        }),
    ];

    private static T Step<T>(int n, Func<Guid, DateTimeOffset, long, T> make) =>
        make(Guid.Parse($"0198f3c2-6000-7000-8000-00000000000{n}"), _noon.AddSeconds(n), n);
}
