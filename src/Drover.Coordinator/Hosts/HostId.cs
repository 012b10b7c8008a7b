using System.Security.Cryptography;
using System.Text;

namespace Drover.Coordinator.Hosts;

/// <summary>A host's saga is found by its name: the id is derived from it, so that two coordinators never make two sagas of one host.</summary>
internal static class HostId
{
    private static readonly Guid Namespace = Guid.Parse("6f1c1f0e-6a33-5c7e-9d0b-0d7ee0d7ee01");

    /// <summary>Name-based UUID, version 5 (RFC 9562 §5.5).</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "RFC 9562 prescribes SHA-1; nothing is secured by it.")]
    public static Guid Of(string host)
    {
        Span<byte> hash = stackalloc byte[20];
        SHA1.HashData([.. Namespace.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(host)], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
