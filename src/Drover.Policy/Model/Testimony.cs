namespace Drover.Policy.Model;

/// <summary>One host's answer to "where is this guest?". Only what a host's own libvirt said counts; silence is an answer of its own kind.</summary>
public abstract record Testimony
{
    private Testimony()
    {
    }

    /// <summary>The host has not answered.</summary>
    public sealed record Silent : Testimony;

    /// <summary>The agent answered, but its libvirt did not.</summary>
    public sealed record LibvirtAway(string Reason) : Testimony;

    /// <summary>
    /// The host cannot answer, and an operator attests that it is down: nothing runs on it, and it is fenced, so that no order from before reaches its libvirt
    /// when it comes back.
    /// </summary>
    /// <param name="Attestation">By whom and why, in words.</param>
    public sealed record ConfirmedDown(string Attestation) : Testimony;

    /// <summary>Libvirt knows no guest of this UUID.</summary>
    public sealed record Absent : Testimony;

    /// <summary>Libvirt knows the guest, and says this of it.</summary>
    public sealed record Present(GuestState State) : Testimony;
}
