using System.CommandLine;
using Drover.Roles;

namespace Drover.Commands;

/// <summary><c>drover agent</c>.</summary>
internal static class AgentCommand
{
    public static Command Create() => Settable.Role("agent", "Runs the agent of this host, beside its libvirt. One on each host.", AgentRole.Run);
}
