using System.Threading.Channels;

namespace Drover.Hypervisors.Libvirt;

/// <summary>
/// Runs blocking native calls, each on a thread of its own, and waits for them no longer than the limit. A call that hangs cannot be ended: its caller
/// is let go, and it keeps one of a counted number of places until it returns, so that a hung libvirt costs a bounded number of threads.
/// </summary>
internal sealed class NativeCalls(int places, TimeSpan limit, TimeProvider time)
{
    /// <summary>One item per call in progress; full is full.</summary>
    private readonly Channel<string> _running = Channel.CreateBounded<string>(places);

    /// <summary>Runs one call.</summary>
    /// <param name="what">The call in words, for the error.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the waiting, not the call.</param>
    /// <param name="unwanted">What to do with a result that came after its caller had gone.</param>
    internal async Task<T> RunAsync<T>(string what, Func<T> call, CancellationToken cancellationToken, Action<T>? unwanted = null)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _running.Writer.WriteAsync(what, either.Token);
            var result = OnThread(call, () => _running.Reader.TryRead(out _));
            try
            {
                return await result.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (unwanted is not null)
            {
                _ = result.ContinueWith(late => unwanted(late.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                throw;
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new HypervisorException(HypervisorFailure.Unavailable, $"libvirt did not answer within {limit.TotalSeconds:0.#} s: {what}");
        }
    }

    /// <summary>Runs a call for as long as it takes, on a thread of its own.</summary>
    internal static Task<T> OnThread<T>(Func<T> call, Action ended) => Task.Factory.StartNew(
        () =>
        {
            try
            {
                return call();
            }
            finally
            {
                ended();
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default);
}
