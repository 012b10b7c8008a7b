using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Drover.Bus.Tests;

public class When_a_queue_has_other_arguments(Broker broker) : IClassFixture<Broker>
{
    [Fact]
    public async Task The_start_ends_at_once_and_the_log_says_why()
    {
        await using var stranger = await Stranger.Connect(broker.Url);
        await stranger.Channel.QueueDeclareAsync("drover.mismatch", durable: true, exclusive: false, autoDelete: false, cancellationToken: TestContext.Current.CancellationToken);
        var log = new RecordingLog();
        var options = broker.Options;
        options.StartTimeout = TimeSpan.FromMinutes(5);
        using var host = RunningBus.Build(options, e => e.Core("drover.mismatch", _ => { }), log);
        await Assert.ThrowsAsync<RabbitMqConnectionException>(() => host.StartAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.Contains(log.Lines, line => line.Contains("drover.mismatch cannot be used", StringComparison.Ordinal) && line.Contains("x-queue-type", StringComparison.Ordinal));
        await host.StopAsync(CancellationToken.None);
    }

    private sealed class RecordingLog : ILoggerProvider, Microsoft.Extensions.Logging.ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Critical;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
