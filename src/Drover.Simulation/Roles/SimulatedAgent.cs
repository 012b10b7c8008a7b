using Drover.Agent;
using Drover.Contracts.Agents;
using Drover.Hypervisors;
using Drover.Simulation.Clock;
using Drover.Simulation.Faults;
using Drover.Simulation.Invariants;
using Drover.Simulation.Mail;
using Microsoft.Extensions.Logging.Abstractions;

namespace Drover.Simulation.Roles;

/// <summary>One run of one host's agent: the real agent, whose every effect on the world is a step of its own, before and after which it may be killed.</summary>
internal sealed class SimulatedAgent : IReader
{
    private readonly HostAgent _agent;

    public SimulatedAgent(string host, IHypervisor hypervisor, Process process, Effects effects, Randomness random, Action<Letter> post, WorldObserver observer)
    {
        Process = process;
        var outlet = new Outlet(random.NewId, letter => effects.Do($"send {letter.Body.GetType().Name}", () => post(letter)));
        Outlet = outlet;
        var options = new AgentOptions
        {
            Host = host,
            AllowOtherHostName = true,
            PeerUri = $"sim://{host}",
            ReportEvery = TimeSpan.FromSeconds(20),
        };
        _agent = HostAgent.Create(options, new StepwiseHypervisor(hypervisor, effects, observer), process.Time, NullLoggerFactory.Instance, outlet, outlet, random);
    }

    public Process Process { get; }

    private Outlet Outlet { get; }

    /// <summary>Begins its loops. The task ends only when one of them falls.</summary>
    public Task Start()
    {
        Task running = null!;
        Process.Run(() => running = _agent.Run(CancellationToken.None));
        return running;
    }

    /// <summary>Takes an order. The task ends when the order is done with; of a killed agent it never ends.</summary>
    public Task Take(Letter letter)
    {
        Task taking = null!;
        Process.Run(() => taking = letter.Open(this));
        return taking;
    }

    Task IReader.Read<T>(Guid id, string queue, T message) => _agent.Consumer<T>().Consume(new Delivery<T>(message, id, Outlet, EmptyServices.Instance, CancellationToken.None));

    private sealed class EmptyServices : IServiceProvider
    {
        public static readonly EmptyServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
