namespace Drover.Agent.Transfers;

/// <summary>One order at a time for a guest. A fixed number of gates, shared by guests' hash: a collision costs a short wait and nothing else.</summary>
internal sealed class GuestGates
{
    private readonly Gate[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new Gate())];

    /// <summary>Waits for the guest's gate; disposing the answer leaves it.</summary>
    public async Task<IDisposable> Enter(Guid guest, CancellationToken cancellationToken)
    {
        var gate = _gates[(uint)guest.GetHashCode() % _gates.Length];
        await gate.Enter(cancellationToken);
        return gate;
    }

    /// <summary>First come, first in. (A semaphore would let those who wait go on in the thread pool, which the deterministic simulation has not.)</summary>
    private sealed class Gate : IDisposable
    {
        private readonly Queue<TaskCompletionSource> _waiting = [];
        private bool _taken;

        public async Task Enter(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_waiting)
            {
                if (_taken)
                    _waiting.Enqueue(turn);
                else
                    turn.SetResult();
                _taken = true;
            }
            using var gaveUp = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
            await turn.Task;
        }

        /// <summary>Leaves: the gate passes to the first who still waits.</summary>
        public void Dispose()
        {
            lock (_waiting)
            {
                while (_waiting.TryDequeue(out var next))
                {
                    if (next.TrySetResult())
                        return;
                }
                _taken = false;
            }
        }
    }
}
