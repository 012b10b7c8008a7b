using System.Runtime.InteropServices;
using Drover.Libvirt.Handles;

namespace Drover.Libvirt;

/// <summary>
/// What libvirt calls on its event loop's thread. Each one copies what it was given into the connection's channel and returns: it never waits, never
/// calls back over the wire, and never lets an exception reach C.
/// </summary>
internal static unsafe class Callbacks
{
    private const int Lifecycle = 0; // VIR_DOMAIN_EVENT_ID_LIFECYCLE
    private const int MigrationIteration = 20; // VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION
    private const int JobCompleted = 21; // VIR_DOMAIN_EVENT_ID_JOB_COMPLETED

    /// <summary>The events that every watched connection asks for, each with the callback of its own shape.</summary>
    internal static readonly (int Id, nint Callback)[] Events =
    [
        (Lifecycle, (nint)(delegate* unmanaged<nint, nint, int, int, nint, int>)&OnLifecycle),
        (MigrationIteration, (nint)(delegate* unmanaged<nint, nint, int, nint, void>)&OnIteration),
        (JobCompleted, (nint)(delegate* unmanaged<nint, nint, nint, int, nint, void>)&OnJobCompleted),
    ];

    internal static delegate* unmanaged<nint, int, nint, void> Closed => &OnClosed;

    internal static delegate* unmanaged<nint, nint, void> IgnoreError => &OnError;

    [UnmanagedCallersOnly]
    private static int OnLifecycle(nint connection, nint domain, int what, int detail, nint sink)
    {
        Deliver(sink, domain, guest => new HostEvent.LifecycleChanged(guest, (LifecycleEvent)what, detail));
        return 0;
    }

    [UnmanagedCallersOnly]
    private static void OnIteration(nint connection, nint domain, int iteration, nint sink)
        => Deliver(sink, domain, guest => new HostEvent.IterationBegan(guest, iteration));

    [UnmanagedCallersOnly]
    private static void OnJobCompleted(nint connection, nint domain, nint parameters, int count, nint sink)
        => Deliver(sink, domain, guest =>
        {
            using var list = TypedParametersHandle.Borrow(parameters, count);
            return new HostEvent.JobCompleted(guest, JobStats.Read(JobType.Completed, list));
        });

    [UnmanagedCallersOnly]
    private static void OnClosed(nint connection, int reason, nint sink) => EventSink.Find(sink)?.Close(reason switch
    {
        0 => "connection to libvirt broke",
        1 => "libvirt closed the connection",
        2 => "libvirt did not answer keepalive",
        3 => "connection closed by this side",
        _ => $"connection to libvirt closed, reason {reason}",
    });

    /// <summary>Libvirt prints every error to stderr until a function takes them; null would bring the printing back.</summary>
    [UnmanagedCallersOnly]
    private static void OnError(nint userData, nint error)
    {
    }

    private static void Deliver(nint sink, nint domain, Func<Guid, HostEvent> happened)
    {
        try
        {
            using var guest = DomainHandle.Borrow(domain);
            EventSink.Find(sink)?.Write(happened(guest.Uuid()));
        }
        catch (LibvirtException)
        {
            // An event that cannot be read is dropped: events are hints, and an exception here would end the process.
        }
    }
}
