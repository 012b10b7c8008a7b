using System.CommandLine;
using Drover.Roles;

namespace Drover.Commands;

/// <summary><c>drover api</c>.</summary>
internal static class ApiCommand
{
    public static Command Create() => Settable.Role("api", "Runs the HTTP API. Several may run at once.", ApiRole.Run);
}
