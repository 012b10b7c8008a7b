using System.Text.Json;
using Drover.Contracts.Commands;
using Drover.Contracts.Migrations;
using Drover.Store.Migrations;
using Drover.Testing;

namespace Drover.Api.Tests.Cli;

public sealed class When_a_command_is_typed : IAsyncLifetime
{
    private readonly ApiUnderTest api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Migrate_sends_what_was_asked_for_and_prints_the_id()
    {
        var (exit, output, _) = await Drover("migrate", "web-1", "--to", "host-b", "--from", "host-a", "--priority", "7", "--max-downtime", "250ms", "--bandwidth", "20", "--reason", "rack 4");
        Assert.Equal(0, exit);
        var command = (await api.OneCommand()).Body;
        Assert.Equal($"accepted {command.GetProperty("migrationId").GetString()}\n", output);
        Assert.Equal("host-a", command.GetProperty("source").GetString());
        Assert.Equal(7, command.GetProperty("priority").GetInt32());
        Assert.Equal("PT0.25S", command.GetProperty("overrides").GetProperty("maxDowntime").GetString());
        Assert.Equal(20 << 20, command.GetProperty("overrides").GetProperty("bandwidthBytesPerSecond").GetInt64());
        Assert.Equal("rack 4", command.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Migrate_sends_the_times_that_were_asked_for()
    {
        Assert.Equal(0, (await Drover("migrate", "web-1", "--to", "host-b", "--not-before", "2040-01-31T20:00Z", "--deadline", "2040-01-31T20:30:00Z", "--on-deadline", "cancel")).Exit);
        var command = (await api.OneCommand()).Body;
        Assert.Equal(
            ("2040-01-31T20:00:00Z", "2040-01-31T20:30:00Z", "cancel"),
            (command.GetProperty("notBefore").GetString(), command.GetProperty("deadline").GetString(), command.GetProperty("onDeadline").GetString()));
    }

    [Fact]
    public async Task Show_tells_a_migrations_own_times()
    {
        var saga = Some.Migration();
        (saga.NotBefore, saga.Deadline, saga.OnDeadline) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1), OnDeadline.Force);
        await api.Add(saga);
        var (_, output, _) = await Drover("show", $"{saga.CorrelationId}");
        Assert.Contains($"not before {Client.Units.Instant(DateTimeOffset.UnixEpoch)}\n", output, StringComparison.Ordinal);
        Assert.Contains($"deadline {Client.Units.Instant(DateTimeOffset.UnixEpoch.AddHours(1))}, then force\n", output, StringComparison.Ordinal);
        var json = JsonDocument.Parse((await Drover("show", $"{saga.CorrelationId}", "--json")).Out).RootElement.GetProperty("migration");
        Assert.Equal(("1970-01-01T01:00:00Z", "force"), (json.GetProperty("deadline").GetString(), json.GetProperty("onDeadline").GetString()));
    }

    [Fact]
    public async Task Waiting_shows_each_step_as_a_plain_line_and_ends_with_how_it_ended()
    {
        var waiting = Drover("migrate", "web-1", "--to", "host-b", "--wait");
        var id = (await api.OneCommand()).Body.GetProperty("migrationId").GetGuid();
        var saga = Some.Migration(id: id);
        await api.Add(saga, Some.Progress(saga));
        await Seen(id);
        await End(id, "Completed");
        var (exit, output, _) = await waiting;
        Assert.Equal(0, exit);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"accepted {id}", lines[0]);
        Assert.Contains("pre-copy 43%  pass 3  120 MiB left  100 MiB/s  dirty 20.0 MiB/s  8.0 s", lines);
        Assert.Equal("completed: web-1 runs on host-b (12.3 s, pause 84 ms, 300 MiB sent, 3 passes)", lines[^1]);
        Assert.DoesNotContain('\u001b', output);
    }

    [Theory]
    [InlineData("Failed", "failed: web-1 was not moved")]
    [InlineData("Cancelled", "cancelled: web-1 stays on host-a")]
    public async Task A_migration_that_ends_otherwise_is_exit_code_1(string state, string line)
    {
        var waiting = Drover("migrate", "web-1", "--to", "host-b", "--wait");
        var id = (await api.OneCommand()).Body.GetProperty("migrationId").GetGuid();
        await api.Add(Some.Migration(state: state, id: id));
        var (exit, output, _) = await waiting;
        Assert.Equal(1, exit);
        Assert.StartsWith(line, output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejection_after_the_202_ends_the_waiting_with_exit_code_5()
    {
        var waiting = Drover("migrate", "nobody", "--to", "host-b", "--wait");
        var id = (await api.OneCommand()).Body.GetProperty("migrationId").GetGuid();
        await api.Add(Some.Rejection(id, RejectionCode.UnknownGuest));
        var (exit, _, error) = await waiting;
        Assert.Equal(5, exit);
        Assert.Equal("drover: Refused (unknown-guest): No host reports a guest \"nobody\".\n", error);
    }

    [Fact]
    public async Task Waiting_with_json_prints_the_APIs_answer_and_nothing_else()
    {
        var waiting = Drover("migrate", "web-1", "--to", "host-b", "--wait", "--json");
        var id = (await api.OneCommand()).Body.GetProperty("migrationId").GetGuid();
        await api.Add(Some.Migration(state: "Completed", id: id));
        var (exit, output, _) = await waiting;
        Assert.Equal(0, exit);
        Assert.Equal("completed", JsonElement.Parse(output).GetProperty("migration").GetProperty("state").GetString());
    }

    [Fact]
    public async Task List_shows_aligned_columns_and_says_on_stderr_where_the_rest_is()
    {
        await api.Add(Some.Migration("web-1"), Some.Migration("database-1", "Failed", at: Some.Noon.AddMinutes(1)), Some.Migration("old", at: Some.Noon.AddMinutes(-1)));
        var (exit, output, error) = await Drover("list", "--limit", "2");
        Assert.Equal(0, exit);
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal(lines[0].IndexOf("STATE", StringComparison.Ordinal), lines[1].IndexOf("failed", StringComparison.Ordinal));
        Assert.Equal(lines[0].IndexOf("STATE", StringComparison.Ordinal), lines[2].IndexOf("pre-copying", StringComparison.Ordinal));
        Assert.EndsWith("the link broke", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("There are more: --cursor ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_tells_its_story()
    {
        var migration = Some.Migration("web-1", "Failed");
        var id = migration.CorrelationId;
        await api.Add(migration, Some.Event(id, 1, "migration.requested"), Some.Decision(id));
        var (exit, output, _) = await Drover("show", id.ToString());
        Assert.Equal(0, exit);
        Assert.Contains("failed: web-1 was not moved: the link broke", output, StringComparison.Ordinal);
        Assert.Contains("migration.requested", output, StringComparison.Ordinal);
        Assert.Contains("admission: admitted  both lanes are free", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("hosts")]
    public async Task Json_is_the_APIs_own(string command)
    {
        await api.Add(Some.Migration());
        var (exit, output, _) = await Drover(command, "--json");
        Assert.Equal(0, exit);
        var path = command == "list" ? "/v1/migrations?limit=50" : "/v1/hosts";
        Assert.Equal(await api.Http.GetStringAsync(path, TestContext.Current.CancellationToken), output.TrimEnd('\n'));
    }

    [Fact]
    public async Task Cancel_waits_for_the_end_and_a_move_that_was_faster_is_exit_code_5()
    {
        var slow = Some.Migration("slow");
        var fast = Some.Migration("fast");
        await api.Add(slow, fast);
        var (first, second) = (Drover("cancel", $"{slow.CorrelationId}", "--wait"), Drover("cancel", $"{fast.CorrelationId}", "--wait"));
        await Eventually.True(() => api.Commands.Count == 2);
        await End(slow.CorrelationId, "Cancelled");
        await End(fast.CorrelationId, "Completed");
        Assert.Equal((0, 5), ((await first).Exit, (await second).Exit));
    }

    [Fact]
    public async Task Hosts_confirm_down_needs_a_reason_and_names_who_says_so()
    {
        await api.Add(Some.Host("host-a", silent: true), Some.Host("host-b"));
        Assert.Equal(2, (await Drover("hosts", "confirm-down", "host-a")).Exit);
        Assert.Equal(5, (await Drover("hosts", "confirm-down", "host-b", "--reason", "power is off")).Exit);
        var (exit, output, _) = await Drover("hosts", "confirm-down", "host-a", "--reason", "power is off");
        Assert.Equal((0, "accepted: host-a will be taken for down until it reports again\n"), (exit, output));
        Assert.Equal(Environment.UserName, (await api.OneCommand()).Body.GetProperty("requestedBy").GetString());
    }

    [Fact]
    public async Task Resolve_tells_what_came_of_it()
    {
        var (ends, refused) = (Some.Migration("ends", "Unsure"), Some.Migration("refused", "Unsure"));
        await api.Add(ends, refused);
        var first = Drover("resolve", $"{ends.CorrelationId}", "--outcome", "completed", "--statement", "ends runs on host-b", "--reason", "looked");
        var second = Drover("resolve", $"{refused.CorrelationId}", "--outcome", "failed", "--statement", "refused runs nowhere", "--reason", "looked");
        await Eventually.True(() => api.Commands.Count == 2);
        await End(ends.CorrelationId, "Completed");
        var no = Some.Decision(refused.CorrelationId);
        (no.Kind, no.Decision, no.Reason) = ("resolve", "refuse", "host-a says that the guest runs there");
        await api.Add(no);
        Assert.StartsWith("completed: ends runs on host-b", (await first).Out, StringComparison.Ordinal);
        Assert.Equal((5, "drover: Refused: host-a says that the guest runs there.\n"), ((await second).Exit, (await second).Error));
    }

    [Fact]
    public async Task List_foreign_shows_what_nobody_asked_for()
    {
        var moving = Some.Guest("host-a");
        (moving.Name, moving.Job) = ("web-9", "migration-out");
        await api.Add(moving);
        var (exit, output, _) = await Drover("list", "--foreign");
        Assert.Equal(0, exit);
        Assert.Contains("web-9", output.Split('\n')[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_exist_is_exit_code_4_and_what_is_refused_5()
    {
        Assert.Equal(4, (await Drover("show", $"{Guid.NewGuid()}")).Exit);
        Assert.Equal(4, (await Drover("cancel", $"{Guid.NewGuid()}")).Exit);
        var ended = Some.Migration(state: "Completed");
        await api.Add(ended);
        var (exit, _, error) = await Drover("cancel", $"{ended.CorrelationId}");
        Assert.Equal(5, exit);
        Assert.StartsWith("drover: Refused (already-ended): ", error, StringComparison.Ordinal);
        Assert.Equal(5, (await Drover("migrate", "web-1", "--to", "host-b", "--priority", "11")).Exit);
        Assert.Equal(5, (await Drover("list", "--state", "running")).Exit);
    }

    [Fact]
    public async Task No_connection_is_exit_code_3_with_what_to_do()
    {
        var (exit, output, error) = await Run.Drover("list", "--server", "http://127.0.0.1:1");
        Assert.Equal(3, exit);
        Assert.Empty(output);
        Assert.Contains("is \"drover api\" (or standalone) running there?", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("migrate", "web-1")]
    [InlineData("migrate", "web-1", "--to", "b", "--max-downtime", "soon")]
    [InlineData("migrate", "web-1", "--to", "b", "--deadline", "tonight")]
    [InlineData("migrate", "web-1", "--to", "b", "--deadline", "20:30", "--on-deadline", "explode")]
    [InlineData("migrate", "web-1", "--to", "b", "--bandwidth", "0")]
    [InlineData("show", "seven")]
    [InlineData("fly")]
    [InlineData("list", "--server", "nonsense")]
    [InlineData("api", "--config", "/nonexistent.json")]
    public async Task Wrong_usage_is_exit_code_2_and_one_line_on_stderr(params string[] args)
    {
        var (exit, output, error) = await Run.Drover(args);
        Assert.Equal(2, exit);
        Assert.Empty(output);
        Assert.StartsWith("drover: ", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private Task<(int Exit, string Out, string Error)> Drover(params string[] args) => Run.Drover([.. args, "--server", api.Server]);

    // The watcher looks twice a second: two answers of the API to others are no sign, so wait until it has asked for this one.
    private Task Seen(Guid id) => Eventually.True(() => api.Asked.Count(path => path == $"/v1/migrations/{id}") >= 3);

    private Task End(Guid id, string state) => api.Store(async db =>
    {
        var saga = (await db.FindAsync<MigrationSaga>(id))!;
        saga.CurrentState = state;
        saga.EndedAt = saga.RequestedAt.AddSeconds(12.3);
        saga.Downtime = TimeSpan.FromMilliseconds(84);
        saga.TransferredBytes = 300 << 20;
        saga.Passes = 3;
    });
}
