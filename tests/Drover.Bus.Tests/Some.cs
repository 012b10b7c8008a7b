using Drover.Contracts.Migrations;

namespace Drover.Bus.Tests;

public static class Some
{
    public static MigrateGuest MigrateGuest() => new()
    {
        MigrationId = Guid.NewGuid(),
        Guest = "web-1",
        Source = "host-a",
        Destination = "host-b",
        Priority = 7,
        Overrides = new TuningOverrides { MaxDowntime = TimeSpan.FromMilliseconds(500), BandwidthBytesPerSecond = 64 << 20 },
        RequestedBy = "maintenance",
        Reason = "firmware",
        Tenant = "blue",
        Visibility = Visibility.Operator,
    };

    public static MigrationUnsure MigrationUnsure() => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = DateTimeOffset.UtcNow,
        MigrationId = Guid.NewGuid(),
        Attempt = 1,
        Guest = "web-1",
        GuestUuid = Guid.NewGuid(),
        Source = "host-a",
        Destination = "host-b",
        Visibility = Visibility.Tenant,
        Sequence = 4,
        Reason = "both hosts are asked",
    };
}
