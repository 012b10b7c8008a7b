using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Hypervisors.Simulated;
using Drover.Simulation.Clock;
using Drover.Simulation.Faults;
using Drover.Simulation.Invariants;
using Drover.Simulation.Mail;

namespace Drover.Simulation.Roles;

/// <summary>All hosts' agents and their mailboxes: who runs, who was killed, whose host is off.</summary>
/// <param name="course">The course.</param>
/// <param name="world">The hypervisors.</param>
/// <param name="hosts">The hosts' names.</param>
/// <param name="post">Where what they send goes.</param>
/// <param name="observer">Is told what agents have done to guests.</param>
internal sealed class Agents(Course course, SimulatedWorld world, IEnumerable<string> hosts, Action<Letter> post, WorldObserver observer)
{
    /// <summary>Tries to send in an hour without a broker: two transfers' progress each second, an end for each migration every ten, and the reports.</summary>
    private const int MostTries = 12_000;

    private readonly Dictionary<string, Site> _sites = hosts.ToDictionary(host => host, host => new Site(host));

    /// <summary>Starts those of all hosts.</summary>
    public void Start()
    {
        foreach (var site in _sites.Values)
        {
            site.Mailbox = new Mailbox(course.Agenda, ComesBack);
            Start(site);
        }
    }

    /// <summary>The broker is away: what no agent is done with waits with it.</summary>
    public void Disconnect()
    {
        foreach (var site in _sites.Values)
            site.Mailbox.Disconnect();
    }

    /// <summary>The broker is back, and so are the agents' connections.</summary>
    public void Connect()
    {
        foreach (var site in _sites.Values.Where(site => site.Agent is not null))
            Connect(site);
    }

    /// <summary>Brings an order to its host's mailbox.</summary>
    public void Arrive(Letter order) => _sites[order.RoutingKey!].Mailbox.Arrive(order);

    /// <summary>A host loses its power, or has it again.</summary>
    public void Power(string host, bool on)
    {
        var site = _sites[host];
        site.Off = !on;
        if (on)
            Start(site);
        else
            End(site);
    }

    /// <summary>Kills a host's agent. It comes back.</summary>
    public void Kill(string host, string when)
    {
        var site = _sites[host];
        if (site.Agent is null)
            return;
        course.Trace.Write(host, $"agent is killed {when}");
        End(site);

        // Now and then longer than an order lives.
        course.Agenda.In(course.Random.Happens(0.15) ? course.Random.Seconds(62, 90) : course.Random.Seconds(0.5, 30), () => Start(site));
    }

    private static void End(Site site)
    {
        if (site.Agent is not { } agent)
            return;
        agent.Process.Kill();
        site.Agent = null;
        site.Mailbox.Disconnect();
    }

    private void Start(Site site)
    {
        if (site.Off || site.Agent is not null)
            return;
        var host = site.Host;
        var process = new Process(host, course.Thread, course.Agenda);
        var effects = new Effects(process, course.Agenda, course.Random, () => course.Disturbed ? 0.003 : 0, when => Kill(host, when));
        var agent = new SimulatedAgent(host, world.Hypervisor(host), process, effects, course.Random, letter => Send(site, letter), observer);
        site.Agent = agent;
        course.Trace.Write(host, "agent starts");
        course.Outside.Run(() => _ = Guard(host, agent.Start()));
        if (!course.BrokerAway)
            Connect(site);
    }

    private void Connect(Site site)
    {
        var agent = site.Agent!;
        site.Mailbox.Connect((letter, done) =>
        {
            course.Trace.Write(site.Host, $"takes {course.Describe(letter)}");
            course.Outside.Run(() => _ = Guard(site.Host, agent.Take(letter), done));
        });
    }

    private void Send(Site site, Letter letter)
    {
        if (!course.BrokerAway)
        {
            post(letter);
            return;
        }

        if (++site.Tries > MostTries)
            course.Violate($"who cannot send waits before the next try: {site.Host}'s agent has tried {site.Tries} times");
        throw new BrokerAwayError();
    }

    private void ComesBack(Letter order)
    {
        if (ReturnedOrders.Of(order.RoutingKey!, order.Body, "no agent took it in its time") is { } returned)
            post(new Letter<OrderReturned>(course.Random.NewId(), Queues.ReturnedOrders, null, returned));
    }

    private async Task Guard(string host, Task work, Action? done = null)
    {
        try
        {
            await work;
            if (done is null)
                course.Violate($"a loop of {host}'s agent has ended");
            done?.Invoke();
        }
        catch (BrokerAwayError) when (done is not null)
        {
            // The order has gone back to its queue with the connection.
        }
        catch (Exception error)
        {
            course.Violate($"{host}'s agent threw: {error}");
        }
    }

    private sealed class Site(string host)
    {
        public string Host => host;

        public Mailbox Mailbox { get; set; } = null!;

        public SimulatedAgent? Agent { get; set; }

        public bool Off { get; set; }

        /// <summary>How often it tried to send while the broker was away.</summary>
        public int Tries { get; set; }
    }
}
