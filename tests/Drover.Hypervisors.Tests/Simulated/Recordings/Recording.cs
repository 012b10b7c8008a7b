using System.Text.Json;

namespace Drover.Hypervisors.Tests.Simulated.Recordings;

/// <summary>Real migrations at one time in the lab, as <c>infra/lab/record</c> wrote them down. Only what the comparison needs is read.</summary>
internal sealed record Recording
{
    public required string Name { get; init; }
    public required string What { get; init; }
    public required double LinkBitsPerSecond { get; init; }
    public required IReadOnlyList<RecordedTransfer> Transfers { get; init; }

    internal static IEnumerable<string> Names => Directory.EnumerateFiles(s_folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!;

    internal static Recording Read(string name) => JsonSerializer.Deserialize<Recording>(File.ReadAllText(Path.Combine(s_folder, $"{name}.json")), s_options)!;

    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Simulated", "Recordings");
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);
}

/// <summary>One of them. Times are in milliseconds since its job began.</summary>
internal sealed record RecordedTransfer
{
    public required RecordedGuest Guest { get; init; }
    public required double DowntimeLimitMs { get; init; }
    public long? BandwidthCapBytesPerSecond { get; init; }
    public required string Migrate { get; init; }
    public required IReadOnlyList<RecordedAction> Actions { get; init; }
    public required int ExitCode { get; init; }
    public required double Pass1Ms { get; init; }
    public required IReadOnlyList<JsonElement> Passes { get; init; }
    public required IReadOnlyDictionary<string, long> Totals { get; init; }
    public required IReadOnlyDictionary<string, JsonElement> Ticks { get; init; }

    /// <summary>From the first page sent until the guest, and in post-copy its memory, was at its destination. Without the preparation: QEMU's start there, 0.7 to 5 s of CPU.</summary>
    internal double TotalMs => Totals["time_elapsed"] - Pass1Ms;

    /// <summary>How long the guest's CPUs stood still, by its own ticks.</summary>
    internal double PauseMs => Ticks["total-pause-ms"].GetDouble();

    /// <summary>The number after an option of virsh migrate; null without it.</summary>
    internal int? Option(string name)
    {
        var words = Migrate.Split(' ');
        var at = Array.IndexOf(words, name);
        return at < 0 ? null : int.Parse(words[at + 1], System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>The guest, as it was made and found.</summary>
/// <param name="TotalBytes">All memory that QEMU sends.</param>
/// <param name="NonZeroBytes">Of that, what it did not find to be zero.</param>
/// <param name="HotBytes">What its work writes to, in turn.</param>
/// <param name="DirtyBytesPerSecond">How fast.</param>
internal sealed record RecordedGuest(long TotalBytes, long NonZeroBytes, long HotBytes, long DirtyBytesPerSecond);

/// <summary>What was done on the way.</summary>
/// <param name="AfterPass1Ms">When, since the first pass began.</param>
/// <param name="Command">The virsh command: "virsh migrate-postcopy guest-1".</param>
internal sealed record RecordedAction(double AfterPass1Ms, string Command);
