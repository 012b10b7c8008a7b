using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Commands;
using MassTransit;

namespace Drover.Coordinator.Intake;

/// <summary>Answers what came to the commands' exchange with a routing key that no queue takes.</summary>
internal sealed class UnknownCommandIntake(RejectionDesk desk) : IConsumer<CommandBytes>
{
    /// <summary>As much of an unknown key as is repeated in an answer.</summary>
    private const int KeyLengthShown = 100;

    public Task Consume(ConsumeContext<CommandBytes> context)
    {
        var key = context.Message.RoutingKey is { Length: > KeyLengthShown } long_ ? long_[..KeyLengthShown] : context.Message.RoutingKey;
        return desk.Reject(
            context,
            RejectionCode.UnknownCommand,
            $"There is no command \"{key}\": the routing key is one of {string.Join(", ", RoutingKeys.Commands.Values.Order(StringComparer.Ordinal))}.",
            null);
    }
}
