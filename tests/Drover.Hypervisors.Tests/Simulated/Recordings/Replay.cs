using System.Globalization;
using Drover.Hypervisors.Simulated;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated.Recordings;

/// <summary>A recording's settings, run through the simulated world.</summary>
internal static class Replay
{
    /// <summary>What an idle guest of the lab dirties by itself: its kernel's timers and console. 0.4 to 1 MB were found dirty after passes of 11 to 14 s.</summary>
    private const long IdleHotBytes = 600_000, IdleDirtyBytesPerSecond = 300_000;

    /// <summary>How fast a guest of the lab dirties that never rests and writes every word of its pages: throttled to 99 %, it dirtied 4 to 7.5 MB/s.</summary>
    private const long MostDirtyBytesPerSecond = 550_000_000;

    internal static async Task<IReadOnlyList<Outcome>> RunAsync(Recording recording)
    {
        await using var site = new Site(PlanOf(recording));
        var setup = MachineTraits.SoftwareEmulation.Setup;
        var moves = new List<Task<TransferEnd>>();
        // Called at once; the preparation on the destination took each its own time.
        var first = recording.Transfers.Min(transfer => transfer.Pass1Ms);
        foreach (var (transfer, n) in recording.Transfers.Select((transfer, n) => (transfer, n)).OrderBy(one => one.transfer.Pass1Ms))
        {
            PassTo(site, transfer.Pass1Ms - first);
            site.World.AllowThrottle(Id(n), transfer.Migrate.Contains("--auto-converge", StringComparison.Ordinal));
            await site.A.SetDowntimeLimitAsync(Id(n), TimeSpan.FromMilliseconds(transfer.DowntimeLimitMs), Test);
            moves.Insert(Math.Min(n, moves.Count), site.Move("host-b", Id(n), transfer.BandwidthCapBytesPerSecond));
        }

        var passed = new long[moves.Count];
        foreach (var (action, n) in recording.Transfers.SelectMany((transfer, n) => transfer.Actions.Select(action => (action, n))).OrderBy(one => one.action.AfterPass1Ms))
        {
            PassTo(site, setup.TotalMilliseconds + action.AfterPass1Ms);
            passed[n] = site.Transfer(Id(n))?.Pass ?? 0;
            await ActAsync(site, Id(n), action.Command.Split(' '));
        }

        var outcomes = new List<Outcome>();
        foreach (var (move, n) in moves.Select((move, n) => (move, n)))
        {
            var end = await site.Over(move, 300);
            outcomes.Add(end.Totals is { } totals
                ? new Outcome((totals.Elapsed - setup).TotalMilliseconds, totals.Passes, totals.Downtime!.Value.TotalMilliseconds)
                : new Outcome(null, passed[n], null));
        }
        return outcomes;
    }

    /// <summary>Time goes by until so long after the beginning.</summary>
    private static void PassTo(Site site, double milliseconds)
        => site.Pass(Math.Max(0, (milliseconds / 1000) - (site.Time.GetUtcNow() - site.Time.Start).TotalSeconds));

    private static async Task ActAsync(Site site, Guid guest, string[] words)
    {
        switch (words[1])
        {
            case "domjobabort":
                Assert.True(await site.A.AbortAsync(guest, Test));
                break;
            case "migrate-setmaxdowntime":
                await site.A.SetDowntimeLimitAsync(guest, TimeSpan.FromMilliseconds(int.Parse(words[3], CultureInfo.InvariantCulture)), Test);
                break;
            case "migrate-postcopy":
                Assert.True(site.World.StartPostCopy(guest));
                break;
            default:
                Assert.Fail($"what is virsh {words[1]}?");
                break;
        }
    }

    private static WorldPlan PlanOf(Recording recording)
    {
        var plan = Plan([.. recording.Transfers.Select((transfer, n) => GuestOf(transfer.Guest, n))]);
        var first = recording.Transfers[0];
        var traits = MachineTraits.SoftwareEmulation;
        return plan with
        {
            Links = [.. plan.Links.Select(link => link with { BytesPerSecond = (long)(recording.LinkBitsPerSecond / 8) })],
            Machine = traits with
            {
                ThrottleInitial = first.Option("--auto-converge-initial") ?? traits.ThrottleInitial,
                ThrottleIncrement = first.Option("--auto-converge-increment") ?? traits.ThrottleIncrement,
            },
        };
    }

    private static GuestPlan GuestOf(RecordedGuest guest, int n)
    {
        var busy = guest.DirtyBytesPerSecond > 0;
        return Guest(Id(n), $"guest-{n}", memory: guest.TotalBytes, nonZero: guest.NonZeroBytes,
            hot: busy ? guest.HotBytes : IdleHotBytes, dirty: busy ? guest.DirtyBytesPerSecond : IdleDirtyBytesPerSecond) with
        {
            WriteOrder = WriteOrder.InTurn,
            MostDirtyBytesPerSecond = MostDirtyBytesPerSecond,
        };
    }

    private static Guid Id(int n) => n == 0 ? Web : Db;
}

/// <summary>How it went.</summary>
/// <param name="TotalMs">From the first page sent until the guest, and in post-copy its memory, was at its destination; null when it was aborted.</param>
/// <param name="Passes">Passes over memory.</param>
/// <param name="PauseMs">How long the guest stood still; null when it was aborted.</param>
internal sealed record Outcome(double? TotalMs, long Passes, double? PauseMs);
