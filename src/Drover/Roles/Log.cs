using Serilog;

namespace Drover.Roles;

/// <summary>The program's own events, before and after a role's container exists: 6000s.</summary>
internal static class Log
{
    public static void Started(ILogger logger, string role, Version version) => logger.Information("{Role} {Version} started", role, version.ToString(3));

    public static void HostsAbsent(ILogger logger, IReadOnlyList<string> hosts) =>
        logger.Warning("The database knows hosts that the site's file does not name: {Hosts}; their migrations wait or fail", string.Join(", ", hosts));

    public static void Ready(ILogger logger, string role) => logger.Information("{Role} is ready", role);

    public static void NotReady(ILogger logger, string role, string reason) => logger.Warning("{Role} is not ready: {Reason}", role, reason);

    public static void Stuck(ILogger logger, string role, string loop, TimeSpan since) =>
        logger.Fatal("{Role} is stuck: {Loop} has not turned for {Since}; systemd's watchdog is not told that it lives any more", role, loop, since);

    public static void Stopped(ILogger logger, string role) => logger.Information("{Role} stopped", role);

    public static void Fell(ILogger logger, Exception error, string role) => logger.Fatal(error, "{Role} fell", role);
}
