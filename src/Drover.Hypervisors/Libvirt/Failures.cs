using Drover.Libvirt;

namespace Drover.Hypervisors.Libvirt;

/// <summary>Libvirt's errors as the seam's: the one place where they meet.</summary>
internal static class Failures
{
    internal static HypervisorException Translate(LibvirtException error) => new(KindOf(error), error.Message, error);

    internal static HypervisorFailure KindOf(LibvirtException error) => error switch
    {
        { GuestIsGone: true } => HypervisorFailure.GuestGone,
        { NotSupported: true } => HypervisorFailure.NotSupported,
        { IsConnectionLost: true } => HypervisorFailure.Unavailable,
        { IsBusy: true } => HypervisorFailure.Busy,
        _ => HypervisorFailure.Failed,
    };
}
