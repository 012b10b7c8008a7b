using System.Diagnostics;

namespace Drover.Benchmarks.Bus;

/// <summary><c>drover coordinator</c> as it is installed, on a fresh database.</summary>
internal static class CoordinatorProcess
{
    /// <summary>Wide lanes, so that throughput is the coordinator's, and hosts that report once and never fall silent.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Dials = new Dictionary<string, string?> { ["OutLimit"] = "16", ["InLimit"] = "16", ["SilentAfter"] = "01:00:00" };

    /// <summary>Applies the schema and starts it; returns when it is ready.</summary>
    public static async Task<Process> Start(Uri broker, string database, string logLevel, CancellationToken cancellationToken, int? limit = null)
    {
        await Shell.Run(new Dictionary<string, string> { ["DROVER_Store__ConnectionString"] = database }, DroverProgram.Path, ["schema", "apply"], cancellationToken);
        return await StartAgain(broker, database, logLevel, cancellationToken, limit);
    }

    /// <summary>Starts it on a database that has its schema; returns when it is ready.</summary>
    /// <param name="limit">How many may leave and come to a host at once, where that is to be more than in <see cref="Dials"/>.</param>
    public static async Task<Process> StartAgain(Uri broker, string database, string logLevel, CancellationToken cancellationToken, int? limit = null)
    {
        var settings = Dials.ToDictionary(dial => $"DROVER_Coordinator__{dial.Key}", dial => dial.Value!);
        if (limit is { } wide)
            settings["DROVER_Coordinator__OutLimit"] = settings["DROVER_Coordinator__InLimit"] = $"{wide}";
        settings["DROVER_Store__ConnectionString"] = database;
        settings["DROVER_Bus__Url"] = broker.ToString();
        settings["DROVER_Log__Levels__Drover"] = logLevel;

        var coordinator = Process.Start(Shell.Describe(DroverProgram.Path, ["coordinator"], settings))!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        coordinator.OutputDataReceived += (_, line) => Read(line.Data);
        coordinator.ErrorDataReceived += (_, line) => Read(line.Data);
        coordinator.BeginOutputReadLine();
        coordinator.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        return coordinator;

        void Read(string? line)
        {
            if (line?.EndsWith(" started", StringComparison.Ordinal) == true)
                ready.TrySetResult();
            if (line is null)
                ready.TrySetException(new InvalidOperationException("the coordinator ended before it was ready"));
            else if (line.Contains("WRN", StringComparison.Ordinal) || line.Contains("ERR", StringComparison.Ordinal))
                Console.Error.WriteLine(line);
        }
    }
}
