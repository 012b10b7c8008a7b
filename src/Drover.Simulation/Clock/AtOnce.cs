using System.Runtime.ExceptionServices;

namespace Drover.Simulation.Clock;

/// <summary>For code that awaits by form only: SQLite in memory and a simulated hypervisor answer before they return.</summary>
internal static class AtOnce
{
    /// <summary>The result of work that is done already. Work that is not would go on in another thread, which the simulation does not allow.</summary>
    public static T Result<T>(Task<T> work)
    {
        (bool Done, T Value, ExceptionDispatchInfo? Error) outcome = default;
        _ = Take();
        outcome.Error?.Throw();
        return outcome.Done ? outcome.Value : throw new InvalidOperationException("something is waited for that the simulation does not know how to bring about");

        async Task Take()
        {
            try
            {
                outcome = (true, await work.ConfigureAwait(false), null);
            }
            catch (Exception error)
            {
                outcome = (true, default!, ExceptionDispatchInfo.Capture(error));
            }
        }
    }
}
