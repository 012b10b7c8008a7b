using System.Diagnostics;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Drover.Store.Outbox;

/// <summary>Sends committed rows. What cannot be sent stays in the table: parked if nobody can receive it, else for the sweeper.</summary>
internal sealed class OutboxDelivery<TDbContext>(
    IBus bus, EntityFrameworkOutboxConfigurator options, DurableHop hop, OutboxParking<TDbContext> parking, TimeProvider time, ILogger<OutboxDelivery<TDbContext>> logger)
    where TDbContext : DbContext
{
    /// <summary>The name under which deliveries are traced; each is a child of the span in which the message was written.</summary>
    private static readonly ActivitySource Traces = new("Drover.Store");

    /// <summary>Sends the rows, beginning in their order and waiting for all together.</summary>
    public async Task<Outcome> Send(IEnumerable<OutboxMessage> rows, CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(rows.Where(hop.Claim).Select(row => TrySend(row, cancellationToken)));
        var failed = results.Where(result => result.Failure is not null).ToLookup(result => options.IsUndeliverable(result.Failure!));
        foreach (var (row, _) in failed[false])
            hop.Forget(row.SequenceNumber);
        if (failed[false].Any())
            Log.DeliveryFailed(logger, failed[false].Count(), failed[false].First().Failure!.Message);
        return new Outcome(
            [.. results.Where(result => result.Failure is null).Select(result => result.Row)],
            [.. failed[true].Select(result => (result.Row, result.Failure!.GetBaseException().Message))]);
    }

    /// <summary>Parks what was returned. Apart from <see cref="Send"/>, for it must not happen while another transaction holds the rows.</summary>
    public async Task Park(Outcome outcome, CancellationToken cancellationToken)
    {
        foreach (var (row, reason) in outcome.Returned)
            await parking.Park(row, reason, cancellationToken);
    }

    private async Task<(OutboxMessage Row, Exception? Failure)> TrySend(OutboxMessage row, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.MessageDeliveryTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var pipe = new StoredMessagePipe(row, time.GetUtcNow().UtcDateTime);
            using var activity = Traces.StartActivity("outbox deliver", ActivityKind.Producer, pipe.WrittenIn);
            var endpoint = await bus.GetSendEndpoint(new Uri(row.Destination));
            await endpoint.Send(new SerializedMessageBody(), pipe, either.Token);
            return (row, null);
        }
        catch (Exception exception)
        {
            return (row, exception);
        }
    }

    /// <summary>What became of rows: sent, or returned by the transport with a reason.</summary>
    internal sealed record Outcome(IReadOnlyList<OutboxMessage> Sent, IReadOnlyList<(OutboxMessage Row, string Reason)> Returned)
    {
        /// <summary>The rows that may go now; the others wait for their consumers.</summary>
        public IEnumerable<long> Done => Sent.Where(row => row.Remaining == 0).Select(row => row.SequenceNumber);
    }
}
