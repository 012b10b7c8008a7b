using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Outbox;

/// <summary>Wakes the sweeper when a commit has left rows for it, so that a message written outside of consumers leaves at once.</summary>
internal sealed class OutboxWakeUp(TimeProvider time)
{
    /// <summary>Contexts with rows that a commit will make visible: commits know their context, and no more.</summary>
    private static readonly ConditionalWeakTable<DbContext, OutboxWakeUp> WaitingForCommit = [];
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void RowAdded(DbContext db) => WaitingForCommit.TryAdd(db, this);

    public static void Committed(DbContext db)
    {
        if (WaitingForCommit.Remove(db, out var wakeUp))
            wakeUp.signal.Writer.TryWrite(true);
    }

    /// <summary>Returns when rows were committed or the time is over, whichever comes first.</summary>
    public async Task Wait(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await signal.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over: look at the table anyway, for another process may have left rows.
        }
    }
}
