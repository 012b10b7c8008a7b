namespace Drover.Hypervisors.Simulated.State;

/// <summary>Where a transfer is. The words in brackets are libvirt's own phases.</summary>
internal enum TransferStage
{
    /// <summary>Prepared on the destination; nothing is sent yet.</summary>
    Setup = 1,

    /// <summary>Memory is sent while the guest runs [perform].</summary>
    PreCopy = 2,

    /// <summary>The guest is stopped on its source; the last memory is sent [perform].</summary>
    SwitchOver = 3,

    /// <summary>All is sent; the destination has not resumed the guest yet [performed].</summary>
    Finishing = 4,

    /// <summary>The guest is on its destination; the source has not let go of it yet [confirm].</summary>
    LettingGo = 5,

    /// <summary>Aborted: the job lingers for a moment.</summary>
    Cancelling = 6,

    /// <summary>The guest is stopped for a moment, to go on at its destination.</summary>
    PostCopyBegins = 7,

    /// <summary>The guest runs on its destination; the rest of its memory is sent after it.</summary>
    PostCopy = 8,

    /// <summary>Post-copy broke; each side holds a part of the memory.</summary>
    PostCopyFailed = 9,

    /// <summary>The source's daemon died before all was sent; it puts the guest back when it is started again.</summary>
    ToBePutBack = 10,

    /// <summary>The source's host is off; the destination waits in vain until its keepalive gives up.</summary>
    Orphaned = 11,
}
