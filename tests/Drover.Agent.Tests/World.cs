using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Migrations;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Drover.Agent.Tests;

/// <summary>An agent on a scripted hypervisor and an in-memory bus, in fake time. Everything it says is heard.</summary>
internal sealed class World : IAsyncDisposable, ISendObserver, IPublishObserver
{
    private readonly ConcurrentQueue<object> _heard = [];
    private readonly ConcurrentDictionary<string, string?> _settings = new()
    {
        ["Agent:Host"] = "host-a",
        ["Agent:PeerUri"] = "qemu+tcp://10.0.0.1/system",
    };
    private IHost? _host;
    private int _sending;

    public ScriptedHypervisor Hypervisor { get; } = new();
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>With guest web-1 on host-a; and the agent started unless the test wants to prepare more.</summary>
    public static async Task<World> With(Action<ScriptedHypervisor>? prepare = null, params (string Key, string Value)[] settings)
    {
        var world = new World();
        foreach (var (key, value) in settings)
            world._settings[key] = value;
        world.Hypervisor.Add(Some.RunningGuest());
        prepare?.Invoke(world.Hypervisor);
        await world.StartAgent();
        return world;
    }

    public async Task StartAgent()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddDroverAgent(builder.Configuration.GetSection(AgentOptions.Section).Get<AgentOptions>()!, new BusOptions { Transport = BusTransport.InMemory }, _ => Hypervisor);
        builder.Services.AddSingleton<IHostedService>(provider => new Ears(provider.GetRequiredService<IBus>(), this));
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task StopAgent()
    {
        await _host!.StopAsync();
        _host.Dispose();
        _host = null;
    }

    public Task Order<T>(T order) where T : class => _host!.Services.GetRequiredService<IBus>().Order("host-a", order, CancellationToken.None);

    /// <summary>What the agent has said so far, of one type.</summary>
    public IReadOnlyList<T> Heard<T>() => [.. _heard.OfType<T>()];

    /// <summary>Lets time pass until the agent has said so many of a type, and gives the last of them.</summary>
    public async Task<T> Hears<T>(int count = 1)
    {
        await Until(() => Heard<T>().Count >= count, $"{count} {typeof(T).Name}");
        return Heard<T>()[count - 1];
    }

    /// <summary>Lets fake time pass, a tenth of a second at a time, until something holds.</summary>
    public async Task Until(Func<bool> holds, string what, bool advance = true)
    {
        var patience = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), $"waited in vain for: {what}; heard: {string.Join(", ", _heard.Select(m => m.GetType().Name).Distinct())}");
            await Pass(advance);
        }
    }

    /// <summary>Lets the agent take so many further readings: time enough for anything that it should not do.</summary>
    public async Task Readings(int count)
    {
        var before = Volatile.Read(ref Hypervisor.Samples);
        await Until(() => Volatile.Read(ref Hypervisor.Samples) >= before + count, $"{count} readings");
    }

    /// <summary>Lets the agent make so many further reports, whether or not a transfer runs.</summary>
    public Task Reports(int count) => Hears<Contracts.Agents.HostReported>(Heard<Contracts.Agents.HostReported>().Count + count);

    /// <summary>A step of fake time, and a turn for whoever can run: time must not run ahead of what is under way.</summary>
    private async Task Pass(bool advance)
    {
        if (advance)
            Time.Advance(TimeSpan.FromMilliseconds(100));
        var turn = Stopwatch.StartNew();
        do
            await Task.Yield();
        while (turn.Elapsed < TimeSpan.FromMilliseconds(1) || Volatile.Read(ref _sending) > 0 || Volatile.Read(ref Hypervisor.Answering) > 0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await StopAgent();
    }

    private Task Sending(int more)
    {
        Interlocked.Add(ref _sending, more);
        return Task.CompletedTask;
    }

    private void Hear(object message) =>
        _heard.Enqueue(message is WireEvent wire ? JsonSerializer.Deserialize<MigrationProgressed>(wire.Body, ContractsJson.Tolerant)! : message);

    Task ISendObserver.PreSend<T>(SendContext<T> context) => Sending(1);
    Task ISendObserver.SendFault<T>(SendContext<T> context, Exception exception) => Sending(-1);
    Task ISendObserver.PostSend<T>(SendContext<T> context)
    {
        Hear(context.Message);
        return Sending(-1);
    }

    Task IPublishObserver.PrePublish<T>(PublishContext<T> context) => Sending(1);
    Task IPublishObserver.PublishFault<T>(PublishContext<T> context, Exception exception) => Sending(-1);
    Task IPublishObserver.PostPublish<T>(PublishContext<T> context)
    {
        Hear(context.Message);
        return Sending(-1);
    }

    /// <summary>Listens from before the agent's first word.</summary>
    private sealed class Ears(IBus bus, World world) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            bus.ConnectSendObserver(world);
            bus.ConnectPublishObserver(world);
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
