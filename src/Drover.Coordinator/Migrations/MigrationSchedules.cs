using Drover.Bus;
using Drover.Store.Migrations;
using MassTransit;

namespace Drover.Coordinator.Migrations;

/// <summary>A migration's schedules: each is armed under the token that its row holds, and once more under the same token changes nothing.</summary>
internal static class MigrationSchedules
{
    /// <summary>Arms its start, if its row holds a token for one.</summary>
    public static Task ArmNotBefore(this ISendEndpointProvider send, MigrationSaga saga, CancellationToken cancellationToken) =>
        saga is { NotBefore: { } at, NotBeforeToken: { } token }
            ? send.ScheduleSend(Queues.Migrations, at, new ReachNotBefore { MigrationId = saga.CorrelationId, Token = token }, token, cancellationToken)
            : Task.CompletedTask;

    /// <summary>Arms its deadline, if its row holds a token for one.</summary>
    public static Task ArmDeadline(this ISendEndpointProvider send, MigrationSaga saga, CancellationToken cancellationToken) =>
        saga is { Deadline: { } at, DeadlineToken: { } token }
            ? send.ScheduleSend(Queues.Migrations, at, new ReachDeadline { MigrationId = saga.CorrelationId, Token = token }, token, cancellationToken)
            : Task.CompletedTask;

    /// <summary>Takes back what is armed.</summary>
    public static async Task Disarm(this ISendEndpointProvider send, MigrationSaga saga, CancellationToken cancellationToken)
    {
        foreach (var token in new[] { saga.NotBeforeToken, saga.DeadlineToken }.OfType<Guid>())
            await send.CancelScheduledSend(token, cancellationToken);
        (saga.NotBeforeToken, saga.DeadlineToken) = (null, null);
    }
}
