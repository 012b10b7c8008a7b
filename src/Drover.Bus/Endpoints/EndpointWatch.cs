using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Drover.Bus;

/// <summary>
/// Ends a start that cannot succeed. MassTransit declares a queue again and again when the broker refuses its arguments, and its start would end in a time-out
/// without a reason. Once started, a refusal is only logged: the health check shows it, and the other queues go on.
/// </summary>
internal sealed class EndpointWatch(IServiceProvider services, ILogger<EndpointWatch> logger) : IReceiveEndpointObserver
{
    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        if (RefusalIn(faulted.Exception) is not { } reason)
            return Task.CompletedTask;
        Log.QueueHasOtherArguments(logger, faulted.InputAddress.AbsolutePath.Split('/')[^1], reason);
        if (services.GetService<IHostApplicationLifetime>() is { ApplicationStarted.IsCancellationRequested: false } lifetime)
            lifetime.StopApplication();
        return Task.CompletedTask;
    }

    public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    private static string? RefusalIn(Exception? error) => error switch
    {
        null => null,
        OperationInterruptedException { ShutdownReason: { ReplyCode: Constants.PreconditionFailed } refusal } => refusal.ReplyText,
        _ => RefusalIn(error.InnerException),
    };
}
