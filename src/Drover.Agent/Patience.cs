using Drover.Hypervisors;

namespace Drover.Agent;

/// <summary>Tries a hypervisor call again when it is only busy or away for a moment. Short: an order is held meanwhile.</summary>
internal sealed class Patience(TimeProvider time)
{
    /// <summary>Pauses between tries: about two seconds in all, longer than an abort or a reconnect usually takes.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(600), TimeSpan.FromSeconds(1)];

    /// <summary>The call's answer, or the exception of the last try.</summary>
    public async Task<T> Try<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        foreach (var pause in Pauses)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (HypervisorException error) when (error.Kind is HypervisorFailure.Busy or HypervisorFailure.Unavailable)
            {
                await Task.Delay(pause, time, cancellationToken);
            }
        }
        return await call(cancellationToken);
    }

    /// <summary>The same for a call without an answer.</summary>
    public Task Try(Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        Try(async token => { await call(token); return true; }, cancellationToken);
}
