using System.Threading.Channels;
using Drover.Libvirt;

namespace Drover.Hypervisors.Libvirt;

/// <summary>Migrate calls: each on a thread and a connection of its own, for as long as the migration takes, and never more than a set number.</summary>
internal sealed class Transfers(CallConnections connections, int places, TimeProvider time)
{
    private const long MiB = 1024 * 1024;

    /// <summary>The event with the totals comes from another thread of libvirt's than the call's answer, a little before or after it.</summary>
    private static readonly TimeSpan s_waitForTotals = TimeSpan.FromSeconds(1);

    private int _running;

    internal async Task<TransferEnd> RunAsync(TransferPlan plan, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _running) > places)
        {
            Interlocked.Decrement(ref _running);
            throw new HypervisorException(HypervisorFailure.Busy, $"{places} migrate calls are running already");
        }

        return await CountedAsync(plan).WaitAsync(cancellationToken);
    }

    internal static MigrateFlags FlagsOf(TransferPlan plan)
        => MigrateFlags.Live | MigrateFlags.PeerToPeer | MigrateFlags.AbortOnError
            | (plan.Persistent ? MigrateFlags.PersistDestination | MigrateFlags.UndefineSource : MigrateFlags.None);

    /// <summary>Whole MiB/s, rounded down, at least 1: 0 would mean no cap. 100 MB/s is 95.</summary>
    internal static ulong? SpeedOf(TransferPlan plan) => plan.BandwidthBytesPerSecond is { } bytes ? (ulong)Math.Max(1, bytes / MiB) : null;

    private async Task<TransferEnd> CountedAsync(TransferPlan plan)
    {
        try
        {
            return await RunOnOwnConnectionAsync(plan);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task<TransferEnd> RunOnOwnConnectionAsync(TransferPlan plan)
    {
        HostConnection? connection = null;
        try
        {
            connection = await connections.OpenAsync(CancellationToken.None);
            var events = connection.Watch();
            var end = await NativeCalls.OnThread(() => Migrate(connection, plan), () => { });
            return end.Success ? end with { Totals = await TotalsAsync(events, plan.Guest) } : end;
        }
        catch (LibvirtException e)
        {
            throw Failures.Translate(e);
        }
        finally
        {
            if (connection is not null)
            {
                await connections.CloseAsync(connection);
            }
        }
    }

    private static TransferEnd Migrate(HostConnection connection, TransferPlan plan)
    {
        using var guest = connection.FindGuest(plan.Guest);
        try
        {
            guest.Migration.Run(plan.PeerUri, plan.MigrateUri, SpeedOf(plan), FlagsOf(plan));
            return new TransferEnd(Success: true, Error: null, Totals: null);
        }
        catch (LibvirtException e)
        {
            return new TransferEnd(Success: false, e.Message, Totals: null);
        }
    }

    /// <summary>The totals come only as an event: with the guest, the source's libvirt forgets its statistics.</summary>
    private async Task<TransferTotals?> TotalsAsync(ChannelReader<HostEvent> events, Guid guest)
    {
        using var patience = new CancellationTokenSource(s_waitForTotals, time);
        try
        {
            await foreach (var happened in events.ReadAllAsync(patience.Token))
            {
                if (happened is HostEvent.JobCompleted { Stats.Operation: JobOperation.MigrationOut } job && job.Guest == guest)
                {
                    return JobReading.Totals(job.Stats);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or LibvirtException)
        {
            // The move has ended well; what it moved is not known.
        }

        return null;
    }
}
