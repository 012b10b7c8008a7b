using System.Text;
using Drover.Contracts.Migrations;
using NJsonSchema;

namespace Drover.Bus.Tests.Intake;

public class When_a_good_body_is_mutated
{
    private static readonly byte[] _good = Wire.Command(Some.MigrateGuest()).Body;
    private static readonly string[] _swaps = ["null", "true", "0", "-1", "1e999", "\"\"", "[]", "{}", "\"\\ud800\"", "\"\\u0000\"", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]"];

    [Fact]
    public void Ten_thousand_mutations_are_each_read_or_rejected_with_a_sentence()
    {
        var random = new Random(20_26);
        var (read, rejected) = (0, 0);
        for (var i = 0; i < 10_000; i++)
        {
            var body = Mutate(random, _good);
            switch (CommandReader.Read<MigrateGuest>(body))
            {
                case CommandRead<MigrateGuest>.Ok ok:
                    // What was accepted can be written again: no half-read value is inside.
                    Assert.NotEmpty(Wire.Command(ok.Command).Body);
                    read++;
                    break;
                case CommandRead<MigrateGuest>.Rejected no:
                    Assert.True(no.Message.Length is > 20 and < 400, $"{no.Message} for {Encoding.UTF8.GetString(body)}");
                    Assert.NotEqual(0, (int)no.Code);
                    rejected++;
                    break;
            }
        }
        Assert.True(read > 100 && rejected > 5_000, $"{read} read, {rejected} rejected: the mutations miss one side");
    }

    [Fact]
    public async Task What_is_read_satisfies_the_published_schema()
    {
        var schema = await JsonSchema.FromFileAsync(Path.Combine(AppContext.BaseDirectory, "schemas/migrate-guest.json"), TestContext.Current.CancellationToken);
        var random = new Random(4711);
        var compared = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var body = Mutate(random, _good);
            // The reader takes null for an absent member; the schema would have it absent.
            if (CommandReader.Read<MigrateGuest>(body) is CommandRead<MigrateGuest>.Ok && body.AsSpan().IndexOf("null"u8) < 0)
            {
                Assert.Empty(schema.Validate(Encoding.UTF8.GetString(body)));
                compared++;
            }
        }
        Assert.True(compared > 100, $"only {compared} compared");
    }

    private static byte[] Mutate(Random random, byte[] body)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
            body = MutateOnce(random, body);
        return body;
    }

    private static byte[] MutateOnce(Random random, byte[] body)
    {
        if (body.Length == 0)
            return body;
        var at = random.Next(body.Length);
        var length = random.Next(Math.Min(40, body.Length - at));
        return random.Next(6) switch
        {
            0 => [.. body[..at], (byte)(body[at] ^ (1 << random.Next(8))), .. body[(at + 1)..]],
            1 => body[..at],
            2 => [.. body[..at], .. body[at..(at + length)], .. body[at..]],
            3 => [.. body[..at], .. body[(at + length)..]],
            4 => SwapValue(random, body),
            _ => [.. body[..at], (byte)random.Next(256), .. body[at..]],
        };
    }

    // The value after a random colon becomes another kind of value.
    private static byte[] SwapValue(Random random, byte[] body)
    {
        var colons = Enumerable.Range(0, body.Length).Where(i => body[i] == ':').ToArray();
        if (colons.Length == 0)
            return body;
        var start = colons[random.Next(colons.Length)] + 1;
        var end = Array.FindIndex(body, start, b => b is (byte)',' or (byte)'}');
        return [.. body[..start], .. Encoding.UTF8.GetBytes(_swaps[random.Next(_swaps.Length)]), .. end < 0 ? [] : body[end..]];
    }
}
