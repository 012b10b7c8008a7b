using System.Reflection;

namespace Drover.Bus;

/// <summary>
/// The queues' names. The arguments of a queue are for ever: whoever changes one must change the queue's name (that is what <c>v1</c> is for).
/// </summary>
public static class Queues
{
    /// <summary>The migration sagas.</summary>
    public const string Migrations = "drover.migrations";

    /// <summary>Grants slots.</summary>
    public const string Admission = "drover.admission";

    /// <summary>The host sagas.</summary>
    public const string Hosts = "drover.hosts";

    /// <summary>Agents' reports of their hosts.</summary>
    public const string HostReports = "drover.host-reports";

    /// <summary>Takes <c>migration.progressed</c> from the events' exchange into the newest-progress table.</summary>
    public const string Progress = "drover.progress";

    /// <summary>Commands that no queue takes.</summary>
    public const string UnknownCommand = "drover.unknown-command";

    /// <summary>Takes messages that are to come later, and sends each at its time.</summary>
    public const string Schedules = "drover.schedules";

    /// <summary>Takes what has ended long ago.</summary>
    public const string Retention = "drover.retention";

    /// <summary>Orders that no agent took in time.</summary>
    public const string ReturnedOrders = "drover.agents.returned";

    /// <summary>Every queue that is neither a command's nor a host's.</summary>
    public static IReadOnlyList<string> Lasting { get; } =
        [.. typeof(Queues).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];

    /// <summary>Direct exchange that takes orders to agents by host.</summary>
    internal const string AgentsExchange = "drover.agents";

    /// <summary>The queue of a command ("migrate-guest").</summary>
    public static string Command(string routingKey) => $"drover.{routingKey}";

    /// <summary>The queue of a host's agent.</summary>
    public static string Host(string host) => $"drover.v1.host.{host}";

    /// <summary>The seat of a host's agent: whose connection has it works.</summary>
    internal static string Seat(string host) => $"drover.v1.seat.{host}";
}
