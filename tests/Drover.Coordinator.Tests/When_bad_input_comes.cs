using System.Text;
using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Migrations;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Tests;

public class When_bad_input_comes
{
    private static readonly Guest Web = Guest.Named("web");
    private static readonly Guest Twin = Guest.Named("twin");
    private static readonly Guest OtherTwin = Guest.Named("twin");
    private static readonly Guid Id = Guid.CreateVersion7();

    private static string Good(Guid id) => $$"""{"migrationId":"{{id}}","guest":"web","destination":"host-b"}""";

    // What is sent to migrate-guest, and the code that answers it.
    private static readonly (byte[] Body, string Code)[] Cases =
    [
        (Encoding.UTF8.GetBytes("hello"), "not-json"),
        ([], "not-json"),
        ([0xff, 0xfe, 0x00, 0x80], "not-json"),
        (Encoding.UTF8.GetBytes("[1,2]"), "not-json"),
        (new byte[10 * 1024 * 1024], "body-too-large"),
        (Body("""{"migrationId":"ID","guest":"web","destination":"host-b","colour":"red"}"""), "unknown-member"),
        (Body("""{"migrationId":"ID","destination":"host-b"}"""), "missing-member"),
        (Body("""{"migrationId":"ID","guest":"web"}"""), "missing-member"),
        (Body("""{"guest":"web","destination":"host-b"}"""), "missing-member"),
        (Body("""{"migrationId":"ID","guest":7,"destination":"host-b"}"""), "invalid-value"),
        (Body("""{"migrationId":"ID","guest":"web","destination":"host-b","priority":10}"""), "invalid-value"),
        (Body("""{"migrationId":"ID","guest":"web","destination":"host-b","priority":-1}"""), "invalid-value"),
        (Body("""{"migrationId":"ID","guest":"web","destination":"host-b","visibility":"everybody"}"""), "invalid-value"),
        (Body("""{"migrationId":"ID","guest":"web","destination":"host-b","overrides":{"bandwidthBytesPerSecond":-5}}"""), "invalid-value"),
        (Body("""{"migrationId":"ID","guest":"web","destination":"host-b","overrides":{"maxDowntime":"soon"}}"""), "invalid-value"),
        (Body("""{"migrationId":"ID","guest":"a/b","destination":"host-b"}"""), "invalid-name"),
        (Body("""{"migrationId":"ID","guest":"web\n","destination":"host-b"}"""), "invalid-name"),
        (Body("""{"migrationId":"ID","guest":"web","destination":"host-z"}"""), "unknown-host"),
        (Body("""{"migrationId":"ID","guest":"web","source":"host-z","destination":"host-b"}"""), "unknown-host"),
        (Body("""{"migrationId":"ID","guest":"nobody","destination":"host-b"}"""), "unknown-guest"),
        (Body("""{"migrationId":"ID","guest":"web","source":"host-b","destination":"host-a"}"""), "guest-not-on-host"),
        (Body("""{"migrationId":"ID","guest":"twin","destination":"host-c"}"""), "guest-ambiguous"),
        (Body("""{"migrationId":"ID","guest":"web","destination":"host-a"}"""), "same-host"),
    ];

    private static byte[] Body(string text) => Encoding.UTF8.GetBytes(text.Replace("ID", Id.ToString(), StringComparison.Ordinal));

    private static async Task<Coordination> Start()
    {
        var coordination = await Coordination.Start(["host-a", "host-b", "host-c"]);
        await coordination.Report("host-a", Web, Twin);
        await coordination.Report("host-b", OtherTwin);
        await coordination.Report("host-c");
        coordination.Agents["host-a"].OnReport = _ => AgentDouble.Absent;
        coordination.Agents["host-b"].OnReport = order => AgentDouble.Running(order.MigrationId);
        return coordination;
    }

    private static Task<List<string>> Codes(Coordination coordination) => coordination.Read(async db =>
        (await db.Events.Where(e => e.RoutingKey == "command.rejected").OrderBy(e => e.Id).Select(e => e.Body).ToListAsync())
        .ConvertAll(body => JsonDocument.Parse(body).RootElement.GetProperty("code").GetString()!));

    [Fact]
    public async Task Each_case_is_answered_with_its_own_code_and_the_next_good_command_runs()
    {
        await using var coordination = await Start();
        foreach (var (body, code) in Cases)
        {
            var before = (await Codes(coordination)).Count;
            await coordination.Raw("migrate-guest", body);
            await coordination.Until(async _ => (await Codes(coordination)).Count > before);
            Assert.Equal(code, (await Codes(coordination))[^1]);
        }

        var good = Guid.CreateVersion7();
        await coordination.Raw("migrate-guest", Encoding.UTF8.GetBytes(Good(good)));
        await coordination.UntilState(good, "Completed");
    }

    [Fact]
    public async Task A_rejection_says_what_would_be_right_and_never_repeats_the_body()
    {
        await using var coordination = await Start();
        await coordination.Raw("migrate-guest", Body("""{"migrationId":"ID","guest":"web","destination":"host-z"}"""));
        var rejection = await coordination.UntilRejected(Id);
        Assert.Equal("No host \"host-z\" has ever reported: name one that \"drover hosts\" lists.", rejection.GetProperty("message").GetString());
        Assert.Equal("migrate-guest", rejection.GetProperty("command").GetString());
    }

    [Fact]
    public async Task A_thousand_mutations_of_a_good_body_are_each_answered_and_stop_nothing()
    {
        await using var coordination = await Start();
        var random = new Random(20_251_123);
        var refusedByReading = 0;
        var good = Encoding.UTF8.GetBytes(Good(Id));
        for (var n = 0; n < 1000; n++)
        {
            var body = Mutate(good, random);
            if (CommandReader.Read<MigrateGuest>(body) is CommandRead<MigrateGuest>.Rejected)
                refusedByReading++;
            await coordination.Raw("migrate-guest", body);
        }

        Assert.True(refusedByReading > 500);
        var last = Guid.CreateVersion7();
        await coordination.Raw("migrate-guest", Encoding.UTF8.GetBytes($$"""{"migrationId":"{{last}}","guest":"nobody","destination":"host-b"}"""));
        await coordination.UntilRejected(last);
        await coordination.Until(async _ => (await Codes(coordination)).Count > refusedByReading);
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        List<byte> body = [.. good];
        for (var times = random.Next(1, 4); times > 0 && body.Count > 0; times--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(5))
            {
                case 0: body[at] = (byte)random.Next(256); break;
                case 1: body[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: body.RemoveRange(at, random.Next(1, body.Count - at + 1)); break;
                case 3: body.InsertRange(at, body.GetRange(at, random.Next(1, Math.Min(40, body.Count - at) + 1))); break;
                default: body.Insert(at, "\"{}[],:0-n\\\0"u8[random.Next(11)]); break;
            }
        }

        return [.. body];
    }
}
