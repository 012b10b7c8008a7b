using System.Globalization;
using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Migrations;
using Drover.Testing;
using MassTransit;

namespace Drover.Lab.Tests;

[Collection("running lab")]
public class When_real_guests_move(RunningLab lab)
{
    private const int Moves = 12;
    private const int MovesBeforeCounting = 4;

    // The runtime opens a file now and then; a leak of one per move would show as eight.
    private const int HandlesMayGrowBy = 6;

    [Fact]
    public async Task Twelve_moves_there_and_back_complete_and_leave_nothing_behind()
    {
        await lab.Lab("guest", "create", "tramp", "--host", "host-a", "--memory", "128");
        await UntilKnown("host-a");
        var mark = (await lab.Lab("ticks", "tramp", "--mark")).Trim();
        var handles = 0;
        for (var move = 0; move < Moves; move++)
        {
            if (move == MovesBeforeCounting)
                handles = Handles("agent-host-a") + Handles("agent-host-b");
            await lab.Drover("migrate", "tramp", "--to", move % 2 == 0 ? "host-b" : "host-a", "--wait");
        }

        Assert.True(Handles("agent-host-a") + Handles("agent-host-b") - handles <= HandlesMayGrowBy, "the agents' open files grow from move to move");
        Assert.Equal("tramp host-a running", (await lab.Lab("guest", "list")).Trim());
        Assert.Equal("", (await lab.Lab("exec", "host-b", "virsh", "--quiet", "--connect", "qemu:///system", "list", "--all", "--name")).Trim());
        foreach (var host in new[] { "host-a", "host-b" })
            Assert.Equal("", (await lab.Lab("exec", host, "ss", "-Hltn", "sport >= 49152 and sport <= 49215")).Trim());
        var emulators = Directory.EnumerateDirectories("/proc").Where(folder => CommandLine(folder) is { } line && line.Contains("guest=tramp", StringComparison.Ordinal) && line.Contains(lab.Folder, StringComparison.Ordinal));
        Assert.Single(emulators);

        // Over all twelve moves: no tick missing, none twice, no reboot, memory intact.
        await lab.Lab("ticks", "tramp", "--since", mark, "--settle");
        await lab.Lab("guest", "remove", "tramp");
    }

    [Fact]
    public async Task A_NET_client_with_its_own_MassTransit_moves_one_too()
    {
        await lab.Lab("guest", "create", "dotnet", "--host", "host-b", "--memory", "128");
        await UntilKnown("host-b");
        var bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(lab.Setting("DROVER_AMQP_URL")));
            rabbit.UseRawJsonSerializer(RawSerializerOptions.AnyMessageType, isDefault: true);
            rabbit.ConfigureJsonSerializerOptions(ContractsJson.Configure);
            rabbit.Message<MigrateGuest>(m => m.SetEntityName(RoutingKeys.CommandsExchange));
            rabbit.Publish<MigrateGuest>(p =>
            {
                p.ExchangeType = "direct";
                p.SetExchangeArgument("alternate-exchange", "drover.unknown-command");
            });
            rabbit.Send<MigrateGuest>(s => s.UseRoutingKeyFormatter(_ => RoutingKeys.Commands[typeof(MigrateGuest)]));
        });
        await bus.StartAsync(TestContext.Current.CancellationToken);
        var id = Guid.CreateVersion7();
        try
        {
            await bus.Publish(new MigrateGuest { MigrationId = id, Guest = "dotnet", Destination = "host-a" }, publish => publish.Mandatory = true, TestContext.Current.CancellationToken);
            await Eventually.Is(true, async () => (await Shell.Try(RunningLab.Program, ["show", id.ToString(), "--json", "--server", lab.Setting("DROVER_API_URL")], new Dictionary<string, string>(), TimeSpan.FromSeconds(20)))
                .Said.Contains("\"completed\"", StringComparison.Ordinal), patience: TimeSpan.FromMinutes(2));
        }
        finally
        {
            await bus.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal("dotnet host-a running", (await lab.Lab("guest", "list")).Split('\n').Single(line => line.StartsWith("dotnet ", StringComparison.Ordinal)).Trim());
        await lab.Lab("guest", "remove", "dotnet");
    }

    // Only this test's guest is there: each test removes its own.
    private Task UntilKnown(string host) => Eventually.Is(1, async () => JsonDocument.Parse(await lab.Drover("hosts", "--json")).RootElement
        .GetProperty("hosts").EnumerateArray().Single(h => h.GetProperty("host").GetString() == host).GetProperty("guests").GetInt32(), patience: TimeSpan.FromMinutes(1));

    private int Handles(string role)
    {
        var pid = File.ReadAllText($"{lab.Folder}/roles/{role}.pid").Trim();
        return Directory.GetFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd")).Length;
    }

    private static string? CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText($"{folder}/cmdline");
        }
        catch (IOException)
        {
            return null; // no process, or it has just ended
        }
    }
}
