using Drover.Hypervisors.Simulated.Persistence;
using Drover.Hypervisors.Simulated.Reading;
using Drover.Hypervisors.Simulated.State;
using Drover.Hypervisors.Simulated.Transitions;

namespace Drover.Hypervisors.Simulated;

/// <summary>
/// All simulated hosts, links and guests of one site: what libvirt and QEMU would be. Everything is decided by the plan, the calls and the instants at which
/// they are made, and nothing else: the same calls at the same instants give the same world, byte for byte, however often somebody looks in between. While no
/// transfer runs, nothing ticks.
/// </summary>
/// <remarks>
/// One instance per process; safe for many threads: one lock, never held while somebody else's code runs. Those who wait are woken on the thread that made
/// it happen.
/// </remarks>
public sealed partial class SimulatedWorld : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly SiteMap _map;
    private readonly WorldClock _clock;
    private readonly WorldFile? _file;
    private readonly List<EventFeed> _feeds = [];
    private readonly Dictionary<long, TaskCompletionSource<TransferEnd>> _calls = [];
    private SiteState _state;
    private bool _over;

    private SimulatedWorld(SiteMap map, SiteState state, WorldFile? file, TimeProvider time)
    {
        _map = map;
        _state = state;
        _file = file;
        _clock = new WorldClock(time, Tick);
    }

    /// <summary>The scheme of a simulated host's address.</summary>
    public const string PeerScheme = "sim";

    /// <summary>A host's address for its peers, as a transfer's plan names it: <c>sim://host-b</c>.</summary>
    public static string PeerUri(string host) => $"{PeerScheme}://{host}";

    /// <summary>
    /// Opens a world. With a file that is there: goes on with the world in it, advanced to now; its migrations went on while nobody looked, as real ones do.
    /// Else begins as the plan says.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="file">Where the world is kept; null keeps it in memory only.</param>
    /// <param name="time">The clock: its UTC time and its timers are used.</param>
    /// <exception cref="WorldPlanException">No world can have this plan.</exception>
    /// <exception cref="WorldFileException">The file is damaged, belongs to another plan, cannot be used, or another process has it.</exception>
    public static SimulatedWorld Open(WorldPlan plan, string? file, TimeProvider time)
    {
        var map = new SiteMap(plan);
        if (file is null)
            return new SimulatedWorld(map, SiteState.Of(plan, time.GetUtcNow()), null, time);

        var (opened, kept) = WorldFile.Open(file, map);
        var world = new SimulatedWorld(map, kept ?? SiteState.Of(plan, time.GetUtcNow()), opened, time);
        try
        {
            world.Do(_ => true);
            opened.Save(world._state);
            return world;
        }
        catch (Exception error)
        {
            opened.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new WorldFileException($"the world file {file} cannot be written: {error.Message}", error);
            throw;
        }
    }

    /// <summary>A host's hypervisor, as its agent gets it; each call a new one. Disposing it ends nothing in the world.</summary>
    /// <exception cref="ArgumentException">There is no such host.</exception>
    public IHypervisor Hypervisor(string host) => new SimulatedHypervisor(this, _map.Host(host).Name);

    /// <summary>The world now.</summary>
    public WorldView Look() => Do(change => Overview.Of(_map, change.State, change.Now));

    /// <summary>Closes the file; migrate calls that wait fail. The world in the file goes on when it is opened again.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Action> wake = [];
        lock (_gate)
        {
            if (_over)
                return;
            _over = true;
            foreach (var feed in _feeds)
                Later(wake, feed.End());
            foreach (var call in _calls.Values)
                wake.Add(() => call.TrySetException(new HypervisorException(HypervisorFailure.Unavailable, "the simulated world is closed")));
            _calls.Clear();
            _file?.Dispose();
        }
        await _clock.DisposeAsync();
        wake.ForEach(one => one());
    }

    /// <summary>
    /// Lets everything happen that has come due, then does something more, all of it or, when it throws, nothing. What the file must know is in it when this
    /// returns.
    /// </summary>
    internal T Do<T>(Func<Change, T> act)
    {
        List<Action> wake = [];
        try
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_over, this);
                (_state, var now) = _clock.Read(_state);
                var due = new Change(_map, _state, now);
                Progress.CatchUp(due, now);
                Take(due, wake);

                var change = new Change(_map, _state, now);
                try
                {
                    var answer = act(change);
                    if (change.Matters)
                        Keep(change.State);
                    Take(change, wake);
                    return answer;
                }
                finally
                {
                    if (due.Matters && !change.Matters)
                        TryKeep();
                    _clock.Arm(Progress.Next(_map, _state)?.At);
                }
            }
        }
        finally
        {
            wake.ForEach(one => one());
        }
    }

    /// <summary>A timer may still come when the world is closed.</summary>
    private void Tick()
    {
        try
        {
            Do(_ =>
            {
                _clock.Fired();
                return true;
            });
        }
        catch (ObjectDisposedException)
        {
        }
    }

    /// <summary>The same, inside the lock and without time going by.</summary>
    internal T Inside<T>(Func<T> act)
    {
        lock (_gate)
            return act();
    }

    internal void Wait(long transfer, TaskCompletionSource<TransferEnd> call) => _calls[transfer] = call;

    internal void Listen(EventFeed feed) => _feeds.Add(feed);

    internal void Leave(IReadOnlyCollection<EventFeed> feeds)
    {
        List<Action> wake = [];
        lock (_gate)
        {
            foreach (var feed in feeds)
            {
                _feeds.Remove(feed);
                Later(wake, feed.End());
            }
        }
        wake.ForEach(one => one());
    }

    private void Take(Change change, List<Action> wake)
    {
        _state = change.State;
        foreach (var (host, what) in change.Said)
        {
            foreach (var feed in _feeds)
            {
                if (feed.Host == host)
                    Later(wake, feed.Add(what));
            }
        }
        foreach (var (transfer, end) in change.Returned)
        {
            if (_calls.Remove(transfer, out var call))
                wake.Add(() => call.TrySetResult(end));
        }
    }

    private static void Later(List<Action> wake, TaskCompletionSource? waiting)
    {
        if (waiting is not null)
            wake.Add(() => waiting.TrySetResult());
    }

    /// <summary>What somebody asked for is done when it is kept, or not at all.</summary>
    private void Keep(SiteState state)
    {
        try
        {
            _file?.Save(state);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HypervisorException(HypervisorFailure.Unavailable, $"the simulated world cannot be kept: {error.Message}", error);
        }
    }

    /// <summary>What happened by itself follows from what is kept already: it is kept for people to see, and to have less to catch up with.</summary>
    private void TryKeep()
    {
        try
        {
            _file?.Save(_state);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next change tries again.
        }
    }
}
