using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Agents;
using Drover.Hypervisors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Agent.Presence;

/// <summary>Presence: says every few seconds that the agent is there, and what its host holds when that has changed; at once after a change.</summary>
internal sealed class HostReporter(IHypervisor hypervisor, Courier courier, Floor floor, TimeProvider time, IOptions<AgentOptions> options, ILogger<HostReporter> logger) : IAgentLoop
{
    private readonly AgentOptions _options = options.Value;
    private readonly Guid _agent = courier.NewId();
    private readonly Nudge _nudge = new(time);
    private long _report;
    private string? _sent;
    private long _sentAt;
    private volatile string? _away;
    private long _turnedAt = time.GetTimestamp();

    /// <summary>Why the hypervisor could not be asked when it last was; null when it answered.</summary>
    public string? Away => _away;

    /// <summary>The time since the newest report was begun.</summary>
    public TimeSpan SinceTurn => time.GetElapsedTime(Interlocked.Read(ref _turnedAt));

    /// <summary>This process, as its reports name it.</summary>
    public Guid AgentId => _agent;

    /// <summary>Something on the host has changed: reports after <see cref="AgentOptions.ReportDelay"/>.</summary>
    public void Changed() => _nudge.Give();

    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _turnedAt, time.GetTimestamp());
            await Report(stopping);
            if (await _nudge.Wait(_options.ReportEvery, stopping))
                await Task.Delay(_options.ReportDelay, time, stopping);    // a nudge that comes meanwhile makes one report more
        }
    }

    private async Task Report(CancellationToken stopping)
    {
        var (inventory, away) = await Gather(stopping);
        // Free memory changes all the time: not by itself a reason to send.
        var text = inventory is null ? null : JsonSerializer.Serialize(inventory with { FreeMemoryBytes = 0 }, ContractsJson.Tolerant);
        var send = text is not null && (text != _sent || time.GetElapsedTime(_sentAt) >= _options.InventoryEvery);

        var begunAt = time.GetTimestamp();
        var told = await courier.TryTell(Queues.HostReports, new HostReported
        {
            Host = _options.Host,
            AgentId = _agent,
            Report = ++_report,        // each try has its own: what could not be told may have arrived
            SentAt = time.GetUtcNow(),
            AsksFloor = floor.Known is null,
            LibvirtAway = away,
            Inventory = send ? inventory : null,
        }, stopping);
        if (!told)
            return;
        floor.Reported(_report, begunAt);
        if (send)
            (_sent, _sentAt) = (text, time.GetTimestamp());
    }

    private async Task<(HostInventory?, string? Away)> Gather(CancellationToken stopping)
    {
        try
        {
            var inventory = Inventory.Of(await hypervisor.DescribeHostAsync(stopping), await hypervisor.ListGuestsAsync(stopping));
            if (_away is not null)
                logger.HypervisorAnswers();
            _away = null;
            return (inventory, null);
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            if (_away != error.Message)
                logger.HypervisorAway(error.Message);
            _away = error.Message;
            return (null, _away);
        }
    }
}
