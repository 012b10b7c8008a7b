using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Hypervisors;
using Drover.Policy.Model;

namespace Drover.Agent.Tests;

/// <summary>Guests, orders and readings: guest "web-1" of 1000 bytes moves from host-a to host-b.</summary>
internal static class Some
{
    public static readonly Guid Guest = Guid.Parse("11111111-2222-3333-4444-555555555555");
    public static readonly Guid Migration = Guid.Parse("99999999-0000-0000-0000-000000000001");
    public static readonly Guid OtherMigration = Guid.Parse("99999999-0000-0000-0000-000000000002");
    public static readonly TransferTotals Totals = new() { Elapsed = TimeSpan.FromSeconds(3), Downtime = TimeSpan.FromMilliseconds(42), TransferredBytes = 1234, Passes = 3 };

    public static GuestFacts RunningGuest(Mark? mark = null, GuestJob job = GuestJob.None) => new()
    {
        Uuid = Guest,
        Name = "web-1",
        MemoryBytes = 1000,
        Vcpus = 1,
        Persistent = true,
        State = new GuestState { Power = GuestPower.Running, Reason = PowerReason.Other, Job = job, Mark = mark },
    };

    public static Mark Mark(long epoch = 5, TimeSpan? before = null, int attempt = 1) => new()
    {
        MigrationId = Migration,
        Attempt = attempt,
        Epoch = epoch,
        Source = "host-a",
        Destination = "host-b",
        DowntimeLimitBefore = before,
        MaxDowntime = TimeSpan.FromMilliseconds(500),
        AfterSequence = 4,
    };

    public static BeginTransfer Begin(long epoch = 5, int attempt = 1) => new()
    {
        MigrationId = Migration,
        Attempt = attempt,
        Epoch = epoch,
        GuestUuid = Guest,
        Guest = "web-1",
        Source = "host-a",
        Destination = "host-b",
        PeerUri = "qemu+tcp://10.0.0.2/system",
        InitialDowntime = TimeSpan.FromMilliseconds(50),
        MaxDowntime = TimeSpan.FromMilliseconds(500),
        Persistent = true,
        AfterSequence = 4,
        Tenant = "blue",
        Visibility = Visibility.Tenant,
    };

    public static AbortTransfer Abort(long epoch = 6, int attempt = 1) => new() { MigrationId = Migration, Attempt = attempt, Epoch = epoch, GuestUuid = Guest };

    public static ForceTransfer Force(long epoch = 5, int attempt = 1) => new() { MigrationId = Migration, Attempt = attempt, Epoch = epoch, GuestUuid = Guest };

    public static ForgetGuest Forget(long epoch = 5, int attempt = 1) => new() { MigrationId = Migration, Attempt = attempt, Epoch = epoch, GuestUuid = Guest };

    public static CheckDestination CheckDestination(long memory = 1000) =>
        new() { MigrationId = Migration, Attempt = 1, Epoch = 5, GuestUuid = Guest, Guest = "web-1", MemoryBytes = memory };

    public static Sample Reading(double seconds, long iteration, long sent, long remaining) => new()
    {
        Elapsed = TimeSpan.FromSeconds(seconds),
        Iteration = iteration,
        Phase = TransferPhaseOf(iteration),
        MemoryTotalBytes = 1000,
        MemoryProcessedBytes = sent,
        MemoryRemainingBytes = remaining,
    };

    private static Drover.Policy.Model.TransferPhase TransferPhaseOf(long iteration) =>
        iteration < 1 ? Drover.Policy.Model.TransferPhase.Setup : Drover.Policy.Model.TransferPhase.PreCopy;
}
