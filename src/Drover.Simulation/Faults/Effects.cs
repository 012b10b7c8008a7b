using Drover.Simulation.Clock;

namespace Drover.Simulation.Faults;

/// <summary>
/// An agent's effects on the world: each takes a little time, and the agent may be killed just before it or just after it, when it has happened and nobody
/// was told.
/// </summary>
internal sealed class Effects(Process process, Agenda agenda, Randomness random, Func<double> killProbability, Action<string> kill)
{
    /// <summary>Does something; of a process that is killed meanwhile the task never ends.</summary>
    public Task Do(string what, Action effect) => Do(what, () =>
    {
        effect();
        return true;
    });

    /// <summary>Asks or does something.</summary>
    public Task<T> Do<T>(string what, Func<T> effect)
    {
        var outcome = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        agenda.In(random.Milliseconds(0.1, 3), () => process.Run(() => Step(what, effect, outcome)));
        return outcome.Task;
    }

    private void Step<T>(string what, Func<T> effect, TaskCompletionSource<T> outcome)
    {
        if (!process.Alive)
            return;
        if (random.Happens(killProbability()))
        {
            kill($"before: {what}");
            return;
        }

        try
        {
            var result = effect();
            if (random.Happens(killProbability()))
                kill($"after: {what}");
            else
                outcome.SetResult(result);
        }
        catch (Exception error)
        {
            outcome.SetException(error);
        }
    }
}
