namespace Drover.Agent.Transfers;

/// <summary>One order at a time for a guest. A fixed number of gates, shared by guests' hash: a collision costs a short wait and nothing else.</summary>
internal sealed class GuestGates
{
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Waits for the guest's gate; disposing the answer leaves it. The wait itself is not cut short: who is inside makes bounded calls only.</summary>
    public async Task<IDisposable> Enter(Guid guest, CancellationToken cancellationToken)
    {
        var gate = _gates[(uint)guest.GetHashCode() % _gates.Length];
        await gate.WaitAsync(CancellationToken.None);       // with a token it would go on outside the caller's synchronization context
        if (!cancellationToken.IsCancellationRequested)
            return new Left(gate);
        gate.Release();
        throw new OperationCanceledException(cancellationToken);
    }

    private sealed class Left(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
