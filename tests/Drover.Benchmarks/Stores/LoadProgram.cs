using System.Globalization;
using System.Text.Json;

namespace Drover.Benchmarks.Stores;

/// <summary>
/// This program again, as a process of its own that carries the load, so that its CPU can be told from the measuring program's. It obeys one line at a time:
/// "begin N" (guests that move on and on), "next N" (until so many more
/// lifecycles have ended), "end"; and ends with its input, and so with whoever started it.
/// </summary>
internal static class LoadProgram
{
    public const string Name = "load";

    public static async Task<int> Run(string[] arguments)
    {
        using var commits = new CommittedTransactions();
        await using var load = arguments is [_, "embedded", var folder]
            ? await StoreLoad.Embedded(folder)
            : await StoreLoad.Clustered(arguments[2], new Uri(arguments[3]));
        Answer(new LoadReport(0, []));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "begin")
                load.Begin(int.Parse(words[1], CultureInfo.InvariantCulture));
            else if (words[0] == "next")
                await load.Next(int.Parse(words[1], CultureInfo.InvariantCulture));
            else
                await load.End();
            Answer(new LoadReport(commits.Count, load.TakeLatencies()));
        }
        return 0;
    }

    private static void Answer(LoadReport report) => Console.WriteLine(JsonSerializer.Serialize(report));
}

/// <summary>What the load has come to.</summary>
/// <param name="Commits">Transactions that its process has committed.</param>
/// <param name="Latencies">Of the lifecycles that have ended since the last report: milliseconds from sending the command to receiving its end.</param>
internal sealed record LoadReport(long Commits, double[] Latencies);
