using System.Diagnostics;

namespace Drover.Testing;

/// <summary>Waits for something that other threads or processes will make true.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks again and again until the answer is the expected one; after 30 s, or <paramref name="patience"/>, throws with the last answer.</summary>
    public static async Task Is<T>(T expected, Func<Task<T>> actual, Func<Task>? whileWaiting = null, TimeSpan? patience = null)
    {
        var waited = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var last = await actual();
        while (!EqualityComparer<T>.Default.Equals(expected, last))
        {
            if (waited.Elapsed > (patience ?? Patience))
                throw new TimeoutException($"Expected {expected} within {patience ?? Patience}; it still is {last}.");
            if (whileWaiting is not null)
                await whileWaiting();
            await timer.WaitForNextTickAsync();
            last = await actual();
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    public static Task True(Func<bool> condition) => Is(true, () => Task.FromResult(condition()));
}
