using System.Runtime.CompilerServices;
using Drover.Hypervisors.Simulated.Reading;
using Drover.Hypervisors.Simulated.State;
using Drover.Hypervisors.Simulated.Transitions;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated;

/// <summary>One simulated host's hypervisor: the world, seen through its daemon.</summary>
internal sealed class SimulatedHypervisor(SimulatedWorld world, string host) : IHypervisor
{
    /// <summary>QEMU's greatest downtime-limit.</summary>
    private static readonly TimeSpan s_longestLimit = TimeSpan.FromSeconds(2000);

    private readonly List<EventFeed> _feeds = [];
    private volatile bool _over;

    public Task<HostFacts> DescribeHostAsync(CancellationToken cancellationToken)
        => Call(change => Facts.OfHost(change.Map, change.State, host), cancellationToken);

    public Task<IReadOnlyList<GuestFacts>> ListGuestsAsync(CancellationToken cancellationToken)
        => Call<IReadOnlyList<GuestFacts>>(
            change => [.. change.Host(host).Copies.Select(copy => Facts.OfGuest(change.Map, change.State, host, copy.Key, copy.Value))],
            cancellationToken);

    public Task<GuestFacts?> FindGuestAsync(Guid guest, CancellationToken cancellationToken)
        => Call(change => change.Copy(host, guest) is { } copy ? Facts.OfGuest(change.Map, change.State, host, guest, copy) : null, cancellationToken);

    public Task WriteMarkAsync(Guid guest, Mark mark, CancellationToken cancellationToken)
        => Call(change =>
        {
            var copy = Known(change, guest);
            if (Facts.JobOf(change.State, host, guest) != GuestJob.None)
                throw Failures.Busy("metadata cannot change while a job runs on the guest");
            change.Set(host, guest, copy with { Mark = mark });
            return true;
        }, cancellationToken);

    public async Task<TransferEnd> TransferAsync(TransferPlan plan, CancellationToken cancellationToken)
    {
        var returned = new TaskCompletionSource<TransferEnd>();
        var refusal = await Call(change =>
        {
            var (begun, why) = Beginning.Begin(change, host, plan);
            if (begun is not null)
                world.Wait(begun.Number, returned);
            return why;
        }, cancellationToken);
        return refusal is null ? await returned.Task.WaitAsync(cancellationToken) : new TransferEnd(false, refusal, null);
    }

    public Task<Sample?> SampleAsync(Guid guest, CancellationToken cancellationToken)
        => Call(change =>
        {
            Known(change, guest);
            return Facts.Outgoing(change.State, host, guest) is { } transfer ? Facts.SampleOf(change.Map, change.State, transfer, change.Now) : (Sample?)null;
        }, cancellationToken);

    public Task<bool> AbortAsync(Guid guest, CancellationToken cancellationToken)
        => Call(change =>
        {
            Known(change, guest);
            return Facts.Outgoing(change.State, host, guest) is { } transfer && Cancelling.Tell(change, transfer);
        }, cancellationToken);

    public Task<TimeSpan> GetDowntimeLimitAsync(Guid guest, CancellationToken cancellationToken)
        => Call(change => Running(change, guest).DowntimeLimit, cancellationToken);

    public Task SetDowntimeLimitAsync(Guid guest, TimeSpan limit, CancellationToken cancellationToken)
        => Call(change =>
        {
            if (limit < TimeSpan.FromMilliseconds(1) || limit > s_longestLimit)
                throw Failures.Failed($"invalid argument: downtime limit of {limit.TotalMilliseconds} ms, and QEMU takes 1 to {s_longestLimit.TotalMilliseconds}");
            var copy = Running(change, guest);
            if (Facts.JobOf(change.State, host, guest) == GuestJob.MigrationIn)
                throw Failures.Busy("the limit cannot change while the guest arrives");
            // libvirt counts in whole milliseconds.
            change.Set(host, guest, copy with { DowntimeLimit = TimeSpan.FromMilliseconds(Math.Floor(limit.TotalMilliseconds)) });
            return true;
        }, cancellationToken);

    public Task ForgetGuestAsync(Guid guest, CancellationToken cancellationToken)
        => Call(change =>
        {
            if (Known(change, guest).IsActive())
                throw Failures.Failed("Requested operation is not valid: the domain is active");
            change.Remove(host, guest);
            change.Say(host, guest, "undefined: removed");
            return true;
        }, cancellationToken);

    public async IAsyncEnumerable<HypervisorEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var feed = new EventFeed(host);
        world.Do(change =>
        {
            ObjectDisposedException.ThrowIf(_over, this);
            world.Listen(feed);
            _feeds.Add(feed);
            if (change.Host(host).DaemonRuns)
                feed.Add(new HypervisorEvent.Connected());
            return true;
        });
        try
        {
            while (true)
            {
                var (next, wait) = world.Inside(feed.Take);
                if (next is not null)
                    yield return next;
                else if (wait is not null)
                    await wait.WaitAsync(cancellationToken);
                else
                    yield break;
            }
        }
        finally
        {
            world.Inside(() => _feeds.Remove(feed));
            world.Leave([feed]);
        }
    }

    public ValueTask DisposeAsync()
    {
        _over = true;
        world.Leave(world.Inside(() => _feeds.ToArray()));
        return ValueTask.CompletedTask;
    }

    private CopyState Known(Change change, Guid guest) => change.Copy(host, guest) ?? throw Failures.Gone(guest);

    private CopyState Running(Change change, Guid guest)
        => Known(change, guest).IsActive() ? change.Copy(host, guest)! : throw Failures.Failed("Requested operation is not valid: domain is not running");

    /// <summary>A call through the daemon: one that does not run refuses. It is over when it returns, so that its task never waits.</summary>
    private Task<T> Call<T>(Func<Change, T> call, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_over, this);
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        try
        {
            return Task.FromResult(world.Do(change => change.Host(host).DaemonRuns ? call(change) : throw Failures.Away(host)));
        }
        catch (HypervisorException error)
        {
            return Task.FromException<T>(error);
        }
    }
}
