using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Drover.Hypervisors;
using Drover.Policy.Model;

namespace Drover.Agent.Tests;

/// <summary>A host whose hypervisor does what the test says, and remembers what it was asked. It outlives agents, as libvirt does.</summary>
internal sealed class ScriptedHypervisor : IHypervisor
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, GuestFacts> _guests = [];
    private readonly Dictionary<Guid, TaskCompletionSource<TransferEnd>> _calls = [];
    private readonly Dictionary<Guid, TimeSpan> _limits = [];
    private readonly Channel<HypervisorEvent> _events = Channel.CreateBounded<HypervisorEvent>(100);

    public static readonly TimeSpan LimitOfNewGuests = TimeSpan.FromMilliseconds(300);

    public HostFacts Host { get; set; } = new()
    {
        Name = "host-a.example.org",
        Uuid = Guid.Parse("aaaaaaaa-0000-0000-0000-000000000001"),
        LibvirtVersion = "9.0.0",
        QemuVersion = "7.2.0",
        MemoryBytes = 8L << 30,
        FreeMemoryBytes = 4L << 30,
        Processors = 2,
        Links = [new LinkFacts("eth0", 10_000, true)],
    };

    /// <summary>Why the hypervisor cannot be reached; null when it can.</summary>
    public volatile string? Away;

    /// <summary>How often the next aborts and transfers are refused as busy.</summary>
    public int Busy;

    /// <summary>Whether a transfer's job appears with its call; else when the test says <see cref="JobAppears"/>.</summary>
    public bool JobAppearsAtOnce { get; set; } = true;

    /// <summary>The job's next readings; the last one stays.</summary>
    public ConcurrentQueue<Sample> Readings { get; } = new([Some.Reading(1, 1, 10, 90)]);

    /// <summary>What was asked that changes something, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public ConcurrentQueue<TransferPlan> Plans { get; } = [];

    public ConcurrentQueue<TimeSpan> LimitsSet { get; } = [];

    public int Samples;

    /// <summary>Calls that are being answered now.</summary>
    public int Answering;

    public void Add(GuestFacts guest)
    {
        lock (_lock)
        {
            _guests[guest.Uuid] = guest;
            _limits[guest.Uuid] = LimitOfNewGuests;
        }
    }

    public void Remove(Guid guest)
    {
        lock (_lock)
            _guests.Remove(guest);
    }

    public GuestFacts Guest(Guid guest)
    {
        lock (_lock)
            return _guests[guest];
    }

    public TimeSpan Limit(Guid guest)
    {
        lock (_lock)
            return _limits[guest];
    }

    public void Change(Guid guest, Func<GuestState, GuestState> change)
    {
        lock (_lock)
            _guests[guest] = _guests[guest] with { State = change(_guests[guest].State) };
    }

    public void SetLimit(Guid guest, TimeSpan limit)
    {
        lock (_lock)
            _limits[guest] = limit;
    }

    public void Say(HypervisorEvent evt) => Assert.True(_events.Writer.TryWrite(evt));

    public void JobAppears(Guid guest) => Change(guest, state => state with { Job = GuestJob.MigrationOut });

    /// <summary>The job ends and its call, if an agent still waits for one, returns.</summary>
    public void End(Guid guest, TransferEnd end)
    {
        TaskCompletionSource<TransferEnd>? call;
        lock (_lock)
        {
            _calls.Remove(guest, out call);
            if (end.Success)
                _guests.Remove(guest);
            else
                _guests[guest] = _guests[guest] with { State = _guests[guest].State with { Job = GuestJob.None } };
        }
        call?.SetResult(end);
    }

    /// <summary>The call returns with an error though the job goes on: the connection broke.</summary>
    public void BreakCall(Guid guest, string error)
    {
        TaskCompletionSource<TransferEnd>? call;
        lock (_lock)
            _calls.Remove(guest, out call);
        call!.SetResult(new TransferEnd(false, error, null));
    }

    public Task<HostFacts> DescribeHostAsync(CancellationToken cancellationToken) => Answer(() => Host);

    public Task<IReadOnlyList<GuestFacts>> ListGuestsAsync(CancellationToken cancellationToken) => Answer<IReadOnlyList<GuestFacts>>(() => [.. _guests.Values]);

    public Task<GuestFacts?> FindGuestAsync(Guid guest, CancellationToken cancellationToken) => Answer(() => _guests.GetValueOrDefault(guest));

    public Task WriteMarkAsync(Guid guest, Mark mark, CancellationToken cancellationToken) => Answer(() =>
    {
        if (_guests[guest].State.Job != GuestJob.None)
            throw new HypervisorException(HypervisorFailure.Busy, "cannot acquire state change lock");
        Asked.Enqueue($"mark {mark.Epoch}");
        _guests[guest] = _guests[guest] with { State = _guests[guest].State with { Mark = mark } };
        return true;
    });

    public Task ForgetGuestAsync(Guid guest, CancellationToken cancellationToken) => Answer(() =>
    {
        Asked.Enqueue("forget");
        return _guests.Remove(guest);
    });

    public async Task<TransferEnd> TransferAsync(TransferPlan plan, CancellationToken cancellationToken)
    {
        var call = await Answer(() =>
        {
            if (Busy-- > 0)
                throw new HypervisorException(HypervisorFailure.Busy, "another migration job is already running");
            Asked.Enqueue("transfer");
            Plans.Enqueue(plan);
            if (JobAppearsAtOnce)
                _guests[plan.Guest] = _guests[plan.Guest] with { State = _guests[plan.Guest].State with { Job = GuestJob.MigrationOut } };
            return _calls[plan.Guest] = new TaskCompletionSource<TransferEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        });
        return await call.Task.WaitAsync(cancellationToken);
    }

    public Task<Sample?> SampleAsync(Guid guest, CancellationToken cancellationToken) => Answer<Sample?>(() =>
    {
        Interlocked.Increment(ref Samples);
        if (!_guests.TryGetValue(guest, out var found) || found.State.Job != GuestJob.MigrationOut)
            return null;
        Assert.True(Readings.TryPeek(out var reading));
        if (Readings.Count > 1)
            Readings.TryDequeue(out _);
        return reading;
    });

    public async Task<bool> AbortAsync(Guid guest, CancellationToken cancellationToken)
    {
        var job = await Answer(() =>
        {
            if (Busy-- > 0)
                throw new HypervisorException(HypervisorFailure.Busy, "busy");
            Asked.Enqueue("abort");
            return _guests[guest].State.Job == GuestJob.MigrationOut;
        });
        if (job)
            End(guest, new TransferEnd(false, "operation aborted", null));
        return job;
    }

    public Task<TimeSpan> GetDowntimeLimitAsync(Guid guest, CancellationToken cancellationToken) => Answer(() => _limits[guest]);

    public Task SetDowntimeLimitAsync(Guid guest, TimeSpan limit, CancellationToken cancellationToken) => Answer(() =>
    {
        Asked.Enqueue($"limit {limit.TotalMilliseconds}");
        LimitsSet.Enqueue(limit);
        _limits[guest] = limit;
        return true;
    });

    public async IAsyncEnumerable<HypervisorEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var evt in _events.Reader.ReadAllAsync(cancellationToken))
            yield return evt;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<T> Answer<T>(Func<T> answer)
    {
        Interlocked.Increment(ref Answering);
        try
        {
            await Task.Yield();
            if (Away is { } reason)
                throw new HypervisorException(HypervisorFailure.Unavailable, reason);
            lock (_lock)
                return answer();
        }
        finally
        {
            Interlocked.Decrement(ref Answering);
        }
    }
}
