using System.CommandLine;
using Drover.Client;
using Drover.Contracts.Hosts;
using Drover.Contracts.Views;

namespace Drover.Commands;

/// <summary><c>drover hosts</c>, <c>drover hosts confirm-down HOST</c>.</summary>
internal static class HostsCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = Session.Command("hosts", "Lists the hosts with their lanes.", terminal, async (_, session, cancellationToken) =>
        {
            await session.Print(await session.Api.Get<HostList>("v1/hosts", cancellationToken), list => Write(list, session.Terminal.Out));
            return Exit.Done;
        });
        command.Add(ConfirmDown(terminal));
        return command;
    }

    private static Command ConfirmDown(Terminal terminal)
    {
        var host = new Argument<string>("HOST") { Description = "A host that is silent, as \"drover hosts\" shows it." };
        var reason = new Option<string>("--reason") { Description = "How you know that nothing runs on it: \"power is off\".", HelpName = "TEXT", Required = true };
        var command = Session.Command("confirm-down", "Attests that a silent host is down: its migrations are then decided without it. Withdrawn when it reports again.", terminal, async (parsed, session, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(host);
            var body = new ConfirmHostDown { Host = name, RequestedBy = Environment.UserName, Reason = parsed.GetRequiredValue(reason) };
            var accepted = await session.Api.Post<HostCommandAccepted>($"v1/hosts/{Uri.EscapeDataString(name)}/confirm-down", body, cancellationToken);
            await session.Print(accepted, _ => session.Terminal.Out.WriteLineAsync($"accepted: {name} will be taken for down until it reports again"));
            return Exit.Done;
        });
        command.Add(host);
        command.Add(reason);
        return command;
    }

    private static Task Write(HostList list, TextWriter output) =>
        Columns.Write(output, ["HOST", "PRESENCE", "GUESTS", "OUT", "IN", "WAITING", "MEMORY", "LIBVIRT", "QEMU", "LAST REPORT"], list.Hosts.Select(IReadOnlyList<string> (host) =>
        [
            host.Host, host.Presence, host.Guests.ToString(), Lane(host, "out:"), Lane(host, "in:"), host.Lanes.Sum(lane => lane.Waiting).ToString(),
            host.MemoryBytes is { } memory ? Units.Bytes(memory) : "-", host.LibvirtVersion ?? "-", host.QemuVersion ?? "-", Units.Instant(host.LastReportAt),
        ]));

    private static string Lane(HostView host, string kind) =>
        host.Lanes.FirstOrDefault(lane => lane.Lane.StartsWith(kind, StringComparison.Ordinal)) is { } lane ? $"{lane.Used}/{lane.Limit}" : "-";
}
