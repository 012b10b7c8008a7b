namespace Drover.Hypervisors.Simulated.Reading;

/// <summary>What a daemon answers instead of doing what was asked, in libvirt's words.</summary>
internal static class Failures
{
    internal static HypervisorException Away(string host) => new(HypervisorFailure.Unavailable, AwayWords(host));

    internal static string AwayWords(string host) => $"Failed to connect socket to the simulated libvirt of {host}: Connection refused";

    internal static HypervisorException Gone(Guid guest) => new(HypervisorFailure.GuestGone, $"Domain not found: no domain with matching uuid '{guest}'");

    internal static HypervisorException Busy(string why) => new(HypervisorFailure.Busy, why);

    internal static HypervisorException Failed(string why) => new(HypervisorFailure.Failed, why);
}
