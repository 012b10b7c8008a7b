using System.CommandLine;
using Drover.Client;
using Drover.Contracts.Migrations;
using Drover.Contracts.Views;

namespace Drover.Commands;

/// <summary><c>drover migrate GUEST --to HOST</c>.</summary>
internal static class MigrateCommand
{
    private const long MiB = 1024 * 1024;

    public static Command Create(Terminal terminal)
    {
        var guest = new Argument<string>("GUEST") { Description = "The guest's name or UUID." };
        var to = new Option<string>("--to") { Description = "The host to move it to.", HelpName = "HOST", Required = true };
        var from = new Option<string?>("--from") { Description = "The host that it is expected on. Default: wherever it is.", HelpName = "HOST" };
        var priority = new Option<int?>("--priority") { Description = "0 (least urgent) to 9 (most urgent). Default 5.", HelpName = "N" };
        var maxDowntime = new Option<TimeSpan?>("--max-downtime")
        {
            Description = "The longest pause allowed at switch-over, such as 300ms or 1.5s. Default: Drover's choice.",
            HelpName = "TIME",
            CustomParser = result =>
            {
                var time = Units.ParseDuration(result.Tokens[0].Value);
                if (time is null)
                    result.AddError($"--max-downtime \"{result.Tokens[0].Value}\" is no time: write it like 300ms or 1.5s.");
                return time;
            },
        };
        var bandwidth = new Option<int?>("--bandwidth") { Description = "Cap on the transfer in MiB/s. Default: Drover's choice.", HelpName = "MiB/s" };
        bandwidth.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var mib) && mib < 1)
                result.AddError("--bandwidth is at least 1 MiB/s.");
        });
        var notBefore = Time("--not-before", $"When it may begin at the earliest: {Moment.Forms}. Default: at once.");
        var deadline = Time("--deadline", "When it should have ended, written in the same way. Default: whenever.");
        var onDeadline = new Option<OnDeadline?>("--on-deadline")
        {
            Description = "What to do when it has not ended by then: report it, force it (the guest may pause for long), or cancel it. Default report.",
            HelpName = "WHAT",
            CustomParser = result =>
            {
                var word = result.Tokens[0].Value;
                var wish = Enum.GetValues<OnDeadline>().Cast<OnDeadline?>().FirstOrDefault(wish => string.Equals(wish.ToString(), word, StringComparison.OrdinalIgnoreCase));
                if (wish is null)
                    result.AddError($"--on-deadline \"{word}\" is none of report, force and cancel.");
                return wish;
            },
        };
        var reason = new Option<string?>("--reason") { Description = "Why, for the record.", HelpName = "TEXT" };
        var wait = new Option<bool>("--wait") { Description = "Waits until the migration has ended, and shows how it goes." };

        var command = Session.Command("migrate", "Moves a guest to another host while it runs.", terminal, async (parsed, session, cancellationToken) =>
        {
            var request = new MigrateGuest
            {
                MigrationId = Guid.CreateVersion7(),   // made here: an answer that is lost leaves a name to look for
                Guest = parsed.GetRequiredValue(guest),
                Destination = parsed.GetRequiredValue(to),
                Source = parsed.GetValue(from),
                Priority = parsed.GetValue(priority),
                NotBefore = parsed.GetValue(notBefore),
                Deadline = parsed.GetValue(deadline),
                OnDeadline = parsed.GetValue(onDeadline),
                Reason = parsed.GetValue(reason),
                RequestedBy = Environment.UserName,
                Overrides = (parsed.GetValue(maxDowntime), parsed.GetValue(bandwidth)) switch
                {
                    (null, null) => null,
                    var (pause, mib) => new() { MaxDowntime = pause, BandwidthBytesPerSecond = mib * MiB },
                },
            };
            var accepted = await session.Api.Post<CommandAccepted>("v1/migrations", request, cancellationToken);
            var id = accepted.Value.MigrationId;
            if (!parsed.GetValue(wait))
            {
                await session.Print(accepted, _ => session.Terminal.Out.WriteLineAsync($"accepted {id}"));
                return Exit.Done;
            }
            if (!session.Json)
                await session.Terminal.Out.WriteLineAsync($"accepted {id}");
            var end = await new Follow(session.Api, session.Terminal, quiet: session.Json).UntilEnded(id, cancellationToken);
            await session.Print(end, detail => session.Terminal.Out.WriteLineAsync(Ending.Sentence(detail.Migration)));
            return end.Value.Migration.State == "completed" ? Exit.Done : Exit.Failed;
        });
        command.Add(guest);
        foreach (var option in new Option[] { to, from, priority, notBefore, deadline, onDeadline, maxDowntime, bandwidth, reason, wait })
            command.Add(option);
        return command;
    }

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var time = Moment.Parse(result.Tokens[0].Value, DateTimeOffset.Now);
            if (time is null)
                result.AddError($"{name} \"{result.Tokens[0].Value}\" is no time: write {Moment.Forms}.");
            return time?.ToUniversalTime();
        },
    };
}
