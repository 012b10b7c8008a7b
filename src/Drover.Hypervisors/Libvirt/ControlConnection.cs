using System.Threading.Channels;
using Drover.Libvirt;

namespace Drover.Hypervisors.Libvirt;

/// <summary>
/// The one connection that everything but a migrate call uses, made again whenever it is lost. While it is lost, calls fail at once with the reason.
/// </summary>
internal sealed class ControlConnection : IAsyncDisposable
{
    private const int WatcherCapacity = 1024;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);

    private readonly LibvirtOptions _options;
    private readonly NativeCalls _calls;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _triedOnce = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly HashSet<Channel<HypervisorEvent>> _watchers = [];
    private readonly Task _keeper;
    private HostConnection? _connection;
    private string? _whyNot;

    internal ControlConnection(LibvirtOptions options, NativeCalls calls, TimeProvider time)
    {
        _options = options;
        _calls = calls;
        _time = time;
        _keeper = Task.Run(KeepAsync);
    }

    /// <summary>Runs a call on the connection. The very first calls wait for the first attempt to connect.</summary>
    internal async Task<T> CallAsync<T>(string what, Func<HostConnection, T> call, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        await _triedOnce.Task.WaitAsync(cancellationToken);
        HostConnection connection;
        lock (_gate)
        {
            connection = _connection ?? throw new HypervisorException(HypervisorFailure.Unavailable, _whyNot ?? "not connected to libvirt");
        }

        try
        {
            return await _calls.RunAsync(what, () => call(connection), cancellationToken);
        }
        catch (LibvirtException e)
        {
            throw Failures.Translate(e);
        }
        catch (ObjectDisposedException e)
        {
            throw new HypervisorException(HypervisorFailure.Unavailable, "the connection to libvirt was lost", e); // Between the look and the call.
        }
    }

    /// <summary>Opens a connection, waiting no longer than any call.</summary>
    internal Task<HostConnection> OpenAsync(CancellationToken cancellationToken) => _calls.RunAsync(
        $"connect to {_options.Uri}",
        () => HostConnection.Open(_options.Uri, _options.KeepAliveInterval, _options.KeepAliveCount),
        cancellationToken,
        late => late.Dispose());

    /// <summary>A bounded queue of what happens from now on, beginning with <see cref="HypervisorEvent.Connected"/> when it is.</summary>
    internal Channel<HypervisorEvent> Watch()
    {
        var watcher = Channel.CreateBounded<HypervisorEvent>(new BoundedChannelOptions(WatcherCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            _watchers.Add(watcher);
            if (_connection is not null)
            {
                watcher.Writer.TryWrite(new HypervisorEvent.Connected());
            }
        }

        return watcher;
    }

    internal void Unwatch(Channel<HypervisorEvent> watcher)
    {
        lock (_gate)
        {
            _watchers.Remove(watcher);
        }
    }

    /// <summary>Closes in the background, within the bound of any call: a hung daemon must not hold an agent's end.</summary>
    internal async Task CloseAsync(HostConnection connection)
    {
        try
        {
            await _calls.RunAsync(
                "close",
                () =>
                {
                    connection.Dispose();
                    return true;
                },
                CancellationToken.None);
        }
        catch (HypervisorException)
        {
            // It is closed when keepalive lets the hung call go.
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _keeper.WaitAsync(2 * _options.CallTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryComplete();
            }
        }
    }

    private async Task KeepAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = await OpenAsync(_stop.Token);
                failures = 0;
                await UseAsync(connection);
                await CloseAsync(connection);
            }
            catch (Exception e) when (e is LibvirtException or HypervisorException or OperationCanceledException)
            {
                Lost(e.Message);
            }

            await PauseAsync(failures++);
        }
    }

    private async Task UseAsync(HostConnection connection)
    {
        Connected(connection);
        try
        {
            await foreach (var happened in connection.Events.ReadAllAsync(_stop.Token))
            {
                if (Translate(happened) is { } said)
                {
                    Tell(said);
                }
            }
        }
        catch (Exception e) when (e is LibvirtException or OperationCanceledException)
        {
            Lost(e.Message);
        }
    }

    /// <summary>100 ms, 200 ms, 400 ms ... up to the longest pause, each shortened by up to a half, so that the agents of many hosts do not come at once.</summary>
    private async Task PauseAsync(int failures)
    {
        var longest = Math.Min(_options.ReconnectPause.TotalMilliseconds, s_firstPause.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 16)));
        var pause = TimeSpan.FromMilliseconds(longest * (1 - (Random.Shared.NextDouble() / 2)));
        await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Connected(HostConnection connection)
    {
        lock (_gate)
        {
            _connection = connection;
            _whyNot = null;
            Tell(new HypervisorEvent.Connected());
        }

        _triedOnce.TrySetResult();
    }

    /// <summary>Told once per loss, and once when the first attempt fails; what fails after that only changes the reason.</summary>
    private void Lost(string reason)
    {
        lock (_gate)
        {
            if (_whyNot is null && !_stop.IsCancellationRequested)
            {
                Tell(new HypervisorEvent.ConnectionLost(reason));
            }

            _connection = null;
            _whyNot = reason;
        }

        _triedOnce.TrySetResult();
    }

    private void Tell(HypervisorEvent said)
    {
        lock (_gate)
        {
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(said);
            }
        }
    }

    private static HypervisorEvent? Translate(HostEvent happened) => happened switch
    {
        HostEvent.LifecycleChanged changed => new HypervisorEvent.GuestChanged(changed.Guest, changed.Words),
        HostEvent.IterationBegan pass => new HypervisorEvent.PassBegan(pass.Guest, pass.Iteration),
        HostEvent.JobCompleted { Stats.Operation: JobOperation.MigrationOut } job => new HypervisorEvent.JobCompleted(job.Guest, JobReading.Totals(job.Stats)),
        _ => null,
    };
}
