using System.CommandLine;
using Drover.Roles;

namespace Drover.Commands;

/// <summary><c>drover coordinator</c>.</summary>
internal static class CoordinatorCommand
{
    public static Command Create() => Settable.Role("coordinator", "Runs the coordinator: it decides, remembers and tells. Several may run at once.", CoordinatorRole.Run);
}
