using System.Text;
using System.Text.RegularExpressions;
using Drover.Contracts.Commands;

namespace Drover.Bus;

/// <summary>Which names can be names of guests and hosts at all.</summary>
public static partial class Names
{
    /// <summary>Whether this can be a host's name: 1 to 253 letters, digits, '.', '-' and '_', as in DNS; it becomes part of a queue's name.</summary>
    public static bool IsHost(string name) => HostName().IsMatch(name);

    /// <summary>Whether this can be a guest's name: libvirt refuses one with '/' or a line break and one of blanks only; it makes file names of it, which end at 255 bytes.</summary>
    public static bool IsGuest(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return !string.IsNullOrWhiteSpace(name) && !name.Contains('/', StringComparison.Ordinal) && !name.Any(char.IsControl) && Encoding.UTF8.GetByteCount(name) <= 255;
    }

    internal static CommandFault? FaultOfHost(string member, string name) => IsHost(name)
        ? null
        : new(RejectionCode.InvalidName, $"{CommandFault.Quote(name)} is no host's name in \"{member}\"; it consists of 1 to 253 letters, digits, '.', '-' and '_'.");

    internal static CommandFault? FaultOfGuest(string member, string name) => IsGuest(name)
        ? null
        : new(RejectionCode.InvalidName, $"{CommandFault.Quote(name)} is no guest's name in \"{member}\"; it has 1 to 255 bytes, not blanks only, without '/' and control characters.");

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,253}\z")]
    private static partial Regex HostName();
}
