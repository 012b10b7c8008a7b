using Drover.Contracts.Views;

namespace Drover.Client;

/// <summary>How a migration ended, in one line.</summary>
internal static class Ending
{
    public static string Sentence(MigrationView view) => view.State switch
    {
        "completed" => $"completed: {view.Guest} runs on {view.Destination} ({string.Join(", ", Numbers(view))})",
        "cancelled" => $"cancelled: {view.Guest} stays on {view.Source}{Why(view)}",
        _ => $"{view.State}: {view.Guest} was not moved{Why(view)}",
    };

    private static string Why(MigrationView view) => view.Reason is { Length: > 0 } reason ? $": {reason}" : "";

    private static IEnumerable<string> Numbers(MigrationView view)
    {
        yield return Units.Duration(view.EndedAt!.Value - view.RequestedAt);
        if (view.Downtime is { } downtime)
            yield return $"pause {Units.Duration(downtime)}";
        if (view.TransferredBytes is { } bytes)
            yield return $"{Units.Bytes(bytes)} sent";
        if (view.Passes is { } passes)
            yield return passes == 1 ? "1 pass" : $"{passes} passes";
    }
}
