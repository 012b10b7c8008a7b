namespace Drover.Libvirt;

/// <summary>A guest's life cycle event (libvirt: virDomainEventType).</summary>
public enum LifecycleEvent
{
    /// <summary>Its definition was made or changed.</summary>
    Defined = 0,

    /// <summary>Its definition was removed.</summary>
    Undefined = 1,

    /// <summary>It started.</summary>
    Started = 2,

    /// <summary>Its vCPUs were stopped.</summary>
    Suspended = 3,

    /// <summary>Its vCPUs run again.</summary>
    Resumed = 4,

    /// <summary>It is off.</summary>
    Stopped = 5,

    /// <summary>The guest finished shutting down; its process may still be there.</summary>
    Shutdown = 6,

    /// <summary>Suspended by its own power management.</summary>
    PowerManagementSuspended = 7,

    /// <summary>It crashed.</summary>
    Crashed = 8,
}

/// <summary>Words for logs; nothing is decided from them.</summary>
internal static class Lifecycle
{
    internal static string Describe(LifecycleEvent what, int detail)
    {
        var word = what == LifecycleEvent.PowerManagementSuspended ? "suspended by the guest" : what.ToString().ToLowerInvariant();
        return $"{word}: {Detail(what, detail) ?? $"detail {detail}"}";
    }

    /// <summary>Source: libvirt-domain.h, virDomainEvent*DetailType.</summary>
    private static string? Detail(LifecycleEvent what, int detail) => (what, detail) switch
    {
        (LifecycleEvent.Defined, 0) => "added",
        (LifecycleEvent.Defined, 1) => "updated",
        (LifecycleEvent.Undefined, 0) => "removed",
        (LifecycleEvent.Undefined, 1) => "renamed",
        (LifecycleEvent.Started, 0) => "booted",
        (LifecycleEvent.Started, 1) => "migrated",
        (LifecycleEvent.Suspended, 0) => "paused",
        (LifecycleEvent.Suspended, 1) => "migrated",
        (LifecycleEvent.Suspended, 2) => "I/O error",
        (LifecycleEvent.Suspended, 7) => "post-copy",
        (LifecycleEvent.Suspended, 8) => "post-copy failed",
        (LifecycleEvent.Resumed, 0) => "unpaused",
        (LifecycleEvent.Resumed, 1) => "migrated",
        (LifecycleEvent.Resumed, 3) => "post-copy",
        (LifecycleEvent.Resumed, 4) => "post-copy failed",
        (LifecycleEvent.Stopped, 0) => "shut down",
        (LifecycleEvent.Stopped, 1) => "destroyed",
        (LifecycleEvent.Stopped, 2) => "crashed",
        (LifecycleEvent.Stopped, 3) => "migrated",
        (LifecycleEvent.Stopped, 4) => "saved",
        (LifecycleEvent.Stopped, 5) => "failed",
        (LifecycleEvent.Shutdown, 0) => "finished",
        (LifecycleEvent.Shutdown, 1) => "by the guest",
        (LifecycleEvent.Shutdown, 2) => "by the host",
        (LifecycleEvent.Crashed, 0) => "panicked",
        _ => null,
    };
}
