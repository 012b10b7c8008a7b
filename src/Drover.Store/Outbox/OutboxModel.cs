using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Drover.Store.Outbox;

/// <summary>Puts the tables <c>inbox</c> and <c>outbox</c> into a DbContext's model.</summary>
public static class OutboxModel
{
    /// <summary>Adds the table <c>inbox</c>.</summary>
    public static void AddInboxStateEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder<InboxState>>? callback = null)
    {
        var inbox = modelBuilder.Entity<InboxState>();
        inbox.ToTable("inbox");
        inbox.HasKey(row => new { row.MessageId, row.ConsumerId });
        inbox.Property(row => row.MessageId).HasColumnName("message_id");
        inbox.Property(row => row.ConsumerId).HasColumnName("consumer_id");
        inbox.Property(row => row.ReceivedAt).HasColumnName("received_at");
        inbox.HasIndex(row => row.ReceivedAt).HasDatabaseName("ix_inbox_received_at");
        callback?.Invoke(inbox);
    }

    /// <summary>Adds the table <c>outbox</c>.</summary>
    public static void AddOutboxMessageEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder<OutboxMessage>>? callback = null)
    {
        var outbox = modelBuilder.Entity<OutboxMessage>();
        outbox.ToTable("outbox");
        outbox.HasKey(row => row.SequenceNumber);
        outbox.Property(row => row.SequenceNumber).HasColumnName("seq").ValueGeneratedOnAdd();
        outbox.Property(row => row.MessageId).HasColumnName("message_id");
        outbox.Property(row => row.InboxMessageId).HasColumnName("inbox_message_id");
        outbox.Property(row => row.InboxConsumerId).HasColumnName("inbox_consumer_id");
        outbox.Property(row => row.Destination).HasColumnName("destination");
        outbox.Property(row => row.Body).HasColumnName("body");
        outbox.Property(row => row.ContentType).HasColumnName("content_type");
        outbox.Property(row => row.MessageTypes).HasColumnName("message_types");
        outbox.Property(row => row.Headers).HasColumnName("headers");
        outbox.Property(row => row.Properties).HasColumnName("properties");
        outbox.Property(row => row.ConversationId).HasColumnName("conversation_id");
        outbox.Property(row => row.CorrelationId).HasColumnName("correlation_id");
        outbox.Property(row => row.InitiatorId).HasColumnName("initiator_id");
        outbox.Property(row => row.RequestId).HasColumnName("request_id");
        outbox.Property(row => row.CreatedAt).HasColumnName("created_at");
        outbox.Property(row => row.ExpiresAt).HasColumnName("expires_at");
        outbox.Property(row => row.Remaining).HasColumnName("remaining");
        outbox.Property(row => row.UndeliverableAt).HasColumnName("undeliverable_at");
        outbox.Property(row => row.UndeliverableReason).HasColumnName("undeliverable_reason");

        // For a duplicate delivery: what has this message's consumer written that has not left yet?
        outbox.HasIndex(row => new { row.InboxMessageId, row.InboxConsumerId }).HasDatabaseName("ix_outbox_inbox").HasFilter("inbox_message_id IS NOT NULL");

        // For the durable hop: the row that carried an incoming message.
        outbox.HasIndex(row => row.MessageId).HasDatabaseName("ix_outbox_message_id");
        callback?.Invoke(outbox);
    }
}
