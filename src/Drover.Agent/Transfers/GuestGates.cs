namespace Drover.Agent.Transfers;

/// <summary>One order at a time for a guest. A fixed number of gates, shared by guests' hash: a collision costs a short wait and nothing else.</summary>
internal sealed class GuestGates
{
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Waits for the guest's gate; disposing the answer leaves it.</summary>
    public async Task<IDisposable> Enter(Guid guest, CancellationToken cancellationToken)
    {
        var gate = _gates[(uint)guest.GetHashCode() % _gates.Length];
        await gate.WaitAsync(cancellationToken);
        return new Left(gate);
    }

    private sealed class Left(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
