using Drover.Hypervisors.Simulated;
using Drover.Policy.Model;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

public sealed class When_a_world_is_kept_in_a_file : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("drover-world-").FullName;

    private string File => Path.Combine(_folder, "world.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The process is killed: what is on the disk then is all that the next one gets.</summary>
    private string Killed()
    {
        var copy = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".json");
        System.IO.File.Copy(File, copy);
        return copy;
    }

    [Fact]
    public async Task A_migration_goes_on_while_no_process_is_there()
    {
        await using var before = new Site(file: File);
        await before.A.WriteMarkAsync(Web, AMark(), Test);
        _ = before.Move();
        before.Pass(2);
        var copy = Killed();

        await using var halfWay = new Site(file: copy, now: before.Time.GetUtcNow() + TimeSpan.FromSeconds(3));
        before.Pass(3);
        Assert.Equal(before.Transfer(), halfWay.Transfer());
        Assert.Equal("pre-copy", halfWay.Transfer()!.Stage);
        Assert.Equal(await before.A.SampleAsync(Web, Test), await halfWay.A.SampleAsync(Web, Test));
    }

    [Fact]
    public async Task One_that_has_time_to_end_has_ended()
    {
        await using var before = new Site(file: File);
        await before.A.WriteMarkAsync(Web, AMark(), Test);
        _ = before.Move();
        before.Pass(2);
        var copy = Killed();

        await using var after = new Site(file: copy, now: before.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
        Assert.Null(await after.A.FindGuestAsync(Web, Test));
        var guest = (await after.B.FindGuestAsync(Web, Test))!.State;
        Assert.Equal((GuestPower.Running, GuestJob.None, AMark()), (guest.Power, guest.Job, guest.Mark));
    }

    [Fact]
    public async Task The_patience_with_a_silent_peer_goes_on_where_it_was()
    {
        await using var before = new Site(file: File);
        _ = before.Move();
        before.Pass(3);
        before.World.CutLink("link-b");
        var copy = Killed();

        await using var after = new Site(file: copy, now: before.Time.GetUtcNow() + TimeSpan.FromSeconds(29.9));
        Assert.NotNull(after.Transfer());
        after.Pass(0.2);
        Assert.Null(after.Transfer());
        Assert.Equal(1, after.HostsThatRun());
    }

    /// <summary>Killed after each call: each was done before it returned.</summary>
    [Fact]
    public async Task What_a_call_did_is_there_when_it_has_returned()
    {
        await using var site = new Site(file: File);
        await site.A.WriteMarkAsync(Web, AMark(attempt: 3), Test);
        await site.A.SetDowntimeLimitAsync(Web, TimeSpan.FromMilliseconds(70), Test);
        var copy = Killed();
        await using (var again = new Site(file: copy))
        {
            Assert.Equal(AMark(attempt: 3), again.On("host-a")!.State.Mark);
            Assert.Equal(TimeSpan.FromMilliseconds(70), await again.A.GetDowntimeLimitAsync(Web, Test));
        }

        _ = site.Move();
        copy = Killed();
        await using (var again = new Site(file: copy))
            Assert.Equal("setup", again.Transfer()!.Stage);
    }

    [Fact]
    public async Task It_does_not_grow_and_leaves_nothing_beside_it()
    {
        await using var site = new Site(file: File);
        var size = new FileInfo(File).Length;
        for (var round = 0; round < 20; round++)
        {
            Assert.True((await site.Over(site.Move("host-b", from: site.A))).Success);
            Assert.True((await site.Over(site.Move("host-a", from: site.B))).Success);
        }
        Assert.InRange(new FileInfo(File).Length, size - 200, size + 200);
        Assert.Equal(["world.json", "world.json.lock"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_state_that_did_not_change_is_not_written()
    {
        await using var site = new Site(file: File);
        await site.A.WriteMarkAsync(Web, AMark(), Test);
        System.IO.File.Delete(File);
        await site.A.WriteMarkAsync(Web, AMark(), Test);
        site.Pass(100);
        site.World.Look();
        Assert.False(System.IO.File.Exists(File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"format\":1}")]
    [InlineData("[1,2]")]
    public void A_damaged_one_is_refused_with_a_sentence(string text)
    {
        System.IO.File.WriteAllText(File, text);
        var error = Assert.Throws<WorldFileException>(() => SimulatedWorld.Open(Plan(Guest()), File, TimeProvider.System));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Equal(text, System.IO.File.ReadAllText(File));
    }

    /// <summary>Cut at any byte, it is refused or (at its very end) whole; never half a world.</summary>
    [Fact]
    public async Task One_that_is_cut_off_anywhere_is_refused()
    {
        await using (var site = new Site(file: File))
            _ = site.Move();
        var whole = await System.IO.File.ReadAllBytesAsync(File, Test);
        for (var length = 0; length < whole.Length; length += 97)
        {
            await System.IO.File.WriteAllBytesAsync(File, whole[..length], Test);
            Assert.Throws<WorldFileException>(() => SimulatedWorld.Open(Plan(Guest()), File, TimeProvider.System));
        }
    }

    [Fact]
    public async Task One_of_another_plan_is_refused_with_a_sentence()
    {
        await using (new Site(file: File))
        {
        }
        var error = Assert.Throws<WorldFileException>(() => SimulatedWorld.Open(Plan(Guest(memory: 256 * MiB)), File, TimeProvider.System));
        Assert.Contains("another plan", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_processes_cannot_have_it()
    {
        await using var site = new Site(file: File);
        var error = Assert.Throws<WorldFileException>(() => SimulatedWorld.Open(Plan(Guest()), File, TimeProvider.System));
        Assert.Contains("another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_does_not_stop_it()
    {
        await using (var site = new Site(file: File))
            _ = site.Move();
        await using var after = new Site(file: File, now: new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero));
        after.PassUntil(() => after.Transfer() is null);
        Assert.Equal(GuestPower.Running, after.On("host-b")!.State.Power);
    }

    /// <summary>A year of passes would take minutes to compute: it sleeps through all but a day.</summary>
    [Fact]
    public async Task One_that_lay_for_a_year_opens_at_once()
    {
        var plan = Plan(Guest(hot: 256 * MiB, dirty: 500 * MiB));
        await using (var site = new Site(plan, File))
            _ = site.Move();
        await using var after = new Site(plan, File, now: new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.InRange(after.Transfer()!.Pass, 10_000, 100_000);
        Assert.True(await after.A.AbortAsync(Web, Test));
    }
}
