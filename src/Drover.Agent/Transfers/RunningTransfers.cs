using System.Collections.Concurrent;
using Drover.Agent.Watch;
using Drover.Contracts.Migrations;
using Drover.Hypervisors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Agent.Transfers;

/// <summary>
/// The outgoing transfers of this host, each with a task that makes the call and watches. On stop the tasks stop watching; the migrations belong to libvirt
/// and go on.
/// </summary>
internal sealed class RunningTransfers(TransferWatch watch, GuestGates gates, Settlement settlement, Courier courier, TimeProvider time,
    IOptions<AgentOptions> options, ILogger<RunningTransfers> logger) : IDisposable
{
    private readonly ConcurrentDictionary<Guid, (RunningTransfer Transfer, Task Task)> _running = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>No more can be begun now. Those that are found running are always watched: they are there anyway.</summary>
    public bool AreFull => _running.Count >= options.Value.MaxTransfers;

    /// <summary>The guest's transfer; null when none runs.</summary>
    public RunningTransfer? Of(Guid guest) => _running.TryGetValue(guest, out var running) ? running.Transfer : null;

    /// <summary>Starts a transfer's task. Call it inside the guest's gate, when none runs for it.</summary>
    public void Start(RunningTransfer transfer)
    {
        // The task waits for its entry: it must not end, and look for it, before the entry is there.
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[transfer.Guest] = (transfer, Run(transfer, entered.Task));
        entered.SetResult();
    }

    /// <summary>Goes on watching a transfer that this process did not begin. Call it inside the guest's gate.</summary>
    public RunningTransfer Attach(GuestFacts guest)
    {
        var transfer = new RunningTransfer(time)
        {
            Guest = guest.Uuid,
            Name = guest.Name,
            Mark = guest.State.Mark!,
            // The mark does not say who may see it; what must not be seen by a tenant is the safer guess.
            Visibility = Visibility.Operator,
        };
        logger.Reattached(transfer.Mark.MigrationId, transfer.Name, transfer.Mark.Destination);
        Start(transfer);
        return transfer;
    }

    private async Task Run(RunningTransfer transfer, Task entered)
    {
        await entered;
        var stopping = _stopping.Token;
        try
        {
            var ended = await watch.Run(transfer, stopping);
            using (await gates.Enter(transfer.Guest, stopping))
            {
                await settlement.Settle(transfer.Guest, stopping);      // when that fails, the next look for unfinished business does it
                _running.TryRemove(transfer.Guest, out _);
            }
            logger.Ended(transfer.Mark.MigrationId, transfer.Name, ended.Error ?? "well");
            await courier.Tell(ended, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            logger.StoppedWatching(transfer.Mark.MigrationId, transfer.Name);
        }
        catch (Exception error)
        {
            logger.WatchBroke(error, transfer.Mark.MigrationId, transfer.Name);     // if the job still runs, the next look for unfinished business attaches to it
        }
        finally
        {
            _running.TryRemove(transfer.Guest, out _);
        }
    }

    /// <summary>Stops watching, and returns when every task has seen it.</summary>
    public Task Stop()
    {
        _stopping.Cancel();
        return Task.WhenAll(_running.Values.Select(running => running.Task));
    }

    public void Dispose() => _stopping.Dispose();
}
