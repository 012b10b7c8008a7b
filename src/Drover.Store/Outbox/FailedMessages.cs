using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Drover.Store.Outbox;

/// <summary>
/// The error queue of a transport that loses its queues with the process: a message that no try could handle stays as a parked row, with the reason, until an
/// operator has it tried again or drops it.
/// </summary>
public abstract class FailedMessages
{
    private protected FailedMessages()
    {
    }

    /// <summary>Keeps a message that failed for good: to be put in the place of the transport's own error queue.</summary>
    public abstract Task Keep(ExceptionReceiveContext failed);
}

internal sealed class FailedMessages<TDbContext>(
    IServiceScopeFactory scopes, DurableHop hop, TimeProvider time, ILogger<FailedMessages<TDbContext>> logger) : FailedMessages
    where TDbContext : DbContext
{
    public override async Task Keep(ExceptionReceiveContext failed)
    {
        var queue = ShortAddress.EndpointOf(failed.InputAddress);
        var error = failed.Exception.GetBaseException();
        var reason = $"{queue}: {error.GetType().Name}: {error.Message}";
        var now = time.GetUtcNow().UtcDateTime;
        var messageId = failed.GetMessageId() ?? NewId.NextGuid();

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDbContext>();
        await using var transaction = await db.BeginWriteTransaction(CancellationToken.None);
        var parked = await db.Set<OutboxMessage>().Where(row => row.MessageId == messageId).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.UndeliverableAt, now).SetProperty(row => row.UndeliverableReason, reason), CancellationToken.None);
        if (parked == 0)
            db.Add(RowOf(failed, messageId, queue, now, reason));
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.Commit(CancellationToken.None);
        Log.FailedForGood(logger, messageId, reason);
    }

    // What no row carried: an agent's word, or a row that went when it was sent.
    private OutboxMessage RowOf(ExceptionReceiveContext failed, Guid messageId, string queue, DateTime now, string reason) => new()
    {
        MessageId = messageId,
        Destination = $"exchange:{queue}",
        Body = failed.Body.GetBytes(),
        ContentType = failed.ContentType.ToString(),
        MessageTypes = TypesIn(failed.Body.GetBytes()),
        CreatedAt = now,
        Remaining = hop.CommitsAt(queue) ? 1 : 0,
        UndeliverableAt = now,
        UndeliverableReason = reason,
    };

    private static string TypesIn(byte[] envelope)
    {
        try
        {
            using var document = JsonDocument.Parse(envelope);
            return string.Join(';', document.RootElement.GetProperty("messageType").EnumerateArray().Select(type => type.GetString()));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }
}
