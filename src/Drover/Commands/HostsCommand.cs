using System.CommandLine;
using Drover.Client;
using Drover.Contracts.Views;

namespace Drover.Commands;

/// <summary><c>drover hosts</c>.</summary>
internal static class HostsCommand
{
    public static Command Create(Terminal terminal) => Session.Command("hosts", "Lists the hosts with their lanes.", terminal, async (_, session, cancellationToken) =>
    {
        await session.Print(await session.Api.Get<HostList>("v1/hosts", cancellationToken), list => Write(list, session.Terminal.Out));
        return Exit.Done;
    });

    private static Task Write(HostList list, TextWriter output) =>
        Columns.Write(output, ["HOST", "PRESENCE", "GUESTS", "OUT", "IN", "WAITING", "MEMORY", "LIBVIRT", "QEMU", "LAST REPORT"], list.Hosts.Select(IReadOnlyList<string> (host) =>
        [
            host.Host, host.Presence, host.Guests.ToString(), Lane(host, "out:"), Lane(host, "in:"), host.Lanes.Sum(lane => lane.Waiting).ToString(),
            host.MemoryBytes is { } memory ? Units.Bytes(memory) : "-", host.LibvirtVersion ?? "-", host.QemuVersion ?? "-", Units.Instant(host.LastReportAt),
        ]));

    private static string Lane(HostView host, string kind) =>
        host.Lanes.FirstOrDefault(lane => lane.Lane.StartsWith(kind, StringComparison.Ordinal)) is { } lane ? $"{lane.Used}/{lane.Limit}" : "-";
}
