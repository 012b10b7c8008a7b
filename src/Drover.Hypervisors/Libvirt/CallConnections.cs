using Drover.Libvirt;

namespace Drover.Hypervisors.Libvirt;

/// <summary>
/// Connections for calls, each used by one call at a time: two calls that wait on one connection can crash libvirt's client (see
/// <see cref="HostConnection"/>), and a call that hangs must not hold up an abort. They are opened when needed, a few are kept, and a lost one is not kept.
/// </summary>
internal sealed class CallConnections(LibvirtOptions options, NativeCalls calls)
{
    private const int MostIdle = 4;

    private readonly Lock _gate = new();
    private readonly Stack<HostConnection> _idle = [];
    private int _age;

    /// <summary>Opens a connection that is the caller's own, waiting no longer than any call.</summary>
    internal Task<HostConnection> OpenAsync(CancellationToken cancellationToken)
        => calls.RunAsync($"connect to {options.Uri}", Open, cancellationToken, late => late.Dispose());

    internal Task<T> RunAsync<T>(string what, Func<HostConnection, T> call, CancellationToken cancellationToken) => calls.RunAsync(
        what,
        () =>
        {
            var (connection, age) = Take();
            try
            {
                var result = call(connection);
                Keep(connection, age);
                return result;
            }
            catch (LibvirtException e) when (!e.IsConnectionLost)
            {
                Keep(connection, age);
                throw;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
        cancellationToken);

    /// <summary>Closes within the bound of any call: a hung daemon must not hold an agent's end.</summary>
    internal async Task CloseAsync(HostConnection connection)
    {
        try
        {
            await calls.RunAsync("close", () => Close([connection]), CancellationToken.None);
        }
        catch (HypervisorException)
        {
            // It is closed when keepalive lets the hung call go.
        }
    }

    /// <summary>Those that are idle or in use now are not used again: their daemon is gone, or this agent stops.</summary>
    internal void Forget()
    {
        HostConnection[] idle;
        lock (_gate)
        {
            _age++;
            idle = [.. _idle];
            _idle.Clear();
        }

        _ = NativeCalls.OnThread(() => Close(idle), () => { });
    }

    private static bool Close(HostConnection[] connections)
    {
        foreach (var connection in connections)
        {
            connection.Dispose();
        }

        return true;
    }

    private HostConnection Open() => HostConnection.Open(options.Uri, options.KeepAliveInterval, options.KeepAliveCount);

    private (HostConnection Connection, int Age) Take()
    {
        int age;
        lock (_gate)
        {
            age = _age;
            if (_idle.TryPop(out var idle))
            {
                return (idle, age);
            }
        }

        return (Open(), age);
    }

    private void Keep(HostConnection connection, int age)
    {
        lock (_gate)
        {
            if (age == _age && _idle.Count < MostIdle)
            {
                _idle.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }
}
