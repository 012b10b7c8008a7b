using System.CommandLine;

namespace Drover.Commands;

/// <summary>The argument of every command about one migration.</summary>
internal static class Ids
{
    public static Argument<Guid> Migration() => new("ID") { Description = "The migration's id, as \"drover list\" shows it." };
}
