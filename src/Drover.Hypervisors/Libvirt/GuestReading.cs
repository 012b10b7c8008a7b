using Drover.Libvirt;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Libvirt;

/// <summary>A guest's facts, read and put in the policy's words.</summary>
internal static class GuestReading
{
    private const string OperatorsUri = "urn:drover:guest:1";

    internal static GuestFacts Read(Guest guest)
    {
        var size = guest.ReadSize();
        return new GuestFacts
        {
            Uuid = guest.Uuid,
            Name = guest.Name,
            MemoryBytes = size.MemoryBytes,
            Vcpus = size.Vcpus,
            Persistent = guest.IsPersistent(),
            State = ReadState(guest),
            GuestMetadata = guest.ReadMetadata(OperatorsUri),
        };
    }

    /// <summary>The job first, then power: a migration that ends in between is then seen ended, never "gone and still running".</summary>
    internal static GuestState ReadState(Guest guest)
    {
        var job = ReadJob(guest);
        var status = guest.ReadStatus();
        return new GuestState
        {
            Power = PowerOf(status),
            Reason = ReasonOf(status),
            Job = job,
            Mark = MarkXml.Read(guest.ReadMetadata(MarkXml.Uri)),
        };
    }

    internal static GuestJob ReadJob(Guest guest)
    {
        try
        {
            return guest.Migration.ReadStats() switch
            {
                { Type: JobType.None } => GuestJob.None,
                { Operation: JobOperation.MigrationOut } => GuestJob.MigrationOut,
                { Operation: JobOperation.MigrationIn } => GuestJob.MigrationIn,
                _ => GuestJob.Other,
            };
        }
        catch (LibvirtException e) when (e is { NotSupported: true, DriverLacksCall: false })
        {
            return GuestJob.MigrationIn; // "Migration statistics are available only on the source host": the one case in which libvirt refuses them so.
        }
        catch (LibvirtException e) when (e.IsWrongState || e.DriverLacksCall)
        {
            return GuestJob.None; // The guest is off; or the driver has no jobs.
        }
    }

    internal static GuestPower PowerOf(GuestStatus status) => status.State switch
    {
        GuestRunState.Running or GuestRunState.Blocked => GuestPower.Running,
        GuestRunState.Paused => GuestPower.Paused,
        GuestRunState.ShutOff => GuestPower.ShutOff,
        GuestRunState.Crashed => GuestPower.Crashed,
        GuestRunState.None or GuestRunState.ShuttingDown or GuestRunState.PowerManagementSuspended => GuestPower.Other,
    };

    internal static PowerReason ReasonOf(GuestStatus status) => status.State switch
    {
        GuestRunState.Running or GuestRunState.Blocked => (RunningReason)status.Reason switch
        {
            RunningReason.Migrated => PowerReason.Migrated,
            RunningReason.MigrationCancelled => PowerReason.MigrationCancelled,
            RunningReason.PostCopy => PowerReason.PostCopy,
            RunningReason.PostCopyFailed => PowerReason.PostCopyFailed,
            _ => PowerReason.Other,
        },
        GuestRunState.Paused => (PausedReason)status.Reason switch
        {
            PausedReason.User => PowerReason.User,
            PausedReason.Migration => PowerReason.Migration,
            PausedReason.PostCopy => PowerReason.PostCopy,
            PausedReason.PostCopyFailed => PowerReason.PostCopyFailed,
            PausedReason.ShuttingDown => PowerReason.Shutdown,
            PausedReason.Crashed => PowerReason.Crashed,
            _ => PowerReason.Other,
        },
        GuestRunState.ShutOff => (ShutOffReason)status.Reason switch
        {
            ShutOffReason.Shutdown => PowerReason.Shutdown,
            ShutOffReason.Destroyed => PowerReason.Destroyed,
            ShutOffReason.Crashed => PowerReason.Crashed,
            ShutOffReason.Migrated => PowerReason.Migrated,
            ShutOffReason.Failed => PowerReason.Failed,
            _ => PowerReason.Other,
        },
        GuestRunState.Crashed => PowerReason.Crashed,
        GuestRunState.ShuttingDown => PowerReason.Shutdown,
        GuestRunState.None or GuestRunState.PowerManagementSuspended => PowerReason.Other,
    };
}
