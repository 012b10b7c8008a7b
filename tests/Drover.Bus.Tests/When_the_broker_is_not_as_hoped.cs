using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MassTransit;

namespace Drover.Bus.Tests;

public class When_the_broker_is_not_as_hoped(Broker broker) : IClassFixture<Broker>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_without_a_broker_ends_at_its_time_out()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var options = new BusOptions { Url = new Uri($"amqp://guest:guest@127.0.0.1:{port}/"), StartTimeout = TimeSpan.FromSeconds(2) };
        using var host = RunningBus.Build(options, e => e.Core("drover.nowhere", _ => { }));
        await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(Cancelled)).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    [Fact]
    public async Task A_password_from_a_file_opens_the_broker()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "guest\n", Cancelled);
            var url = new UriBuilder(broker.Url) { Password = "" }.Uri;
            await using var running = await RunningBus.Start(new BusOptions { Url = url, PasswordFile = file }, e => e.Core("drover.password", _ => { }));
            Assert.DoesNotContain("guest:guest", url.AbsoluteUri, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_consumer_longer_than_it_may()
    {
        var began = new TaskCompletionSource();
        using var released = new SemaphoreSlim(0);
        var running = await RunningBus.Start(broker.Options, e => e.Commands("migrate-guest", queue => queue.Handler<CommandBytes>(async _ =>
        {
            began.TrySetResult();
            await released.WaitAsync(CancellationToken.None);
        })));
        await running.Bus.Publish(Wire.Command(Some.MigrateGuest()), Cancelled);
        await began.Task.WaitAsync(Cancelled);
        var watch = Stopwatch.StartNew();
        await running.DisposeAsync();
        released.Release();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));
    }
}
