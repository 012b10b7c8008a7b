using System.Globalization;
using Drover.Hypervisors.Simulated;
using Drover.Policy.Model;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

/// <summary>Seeded stories of moves, aborts, deaths and hands: what no story may break, and that a story told twice is the same story.</summary>
public sealed class When_anything_happens_in_any_order : IDisposable
{
    private static readonly Guid[] s_guests = [.. Enumerable.Range(1, 4).Select(i => new Guid($"11111111-0000-0000-0000-00000000000{i}"))];
    private static readonly string[] s_hosts = ["host-a", "host-b", "host-c"];
    private readonly string _folder = Directory.CreateTempSubdirectory("drover-world-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Guests_run_at_most_once_and_are_lost_only_with_a_reason()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            await using var site = new Site(Guests());
            var story = new Story(site, seed);
            for (var step = 0; step < 60; step++)
            {
                story.Step(also: null);
                CheckNow(site, story, $"seed {seed}, step {step}: {story.Last}");
            }
            story.MendAll();
            site.Pass(3600);
            Assert.True(story.Calls.All(call => call.IsCompleted), $"seed {seed}: a call never returns");
        }
    }

    [Fact]
    public async Task The_same_calls_at_the_same_instants_give_the_same_world_byte_for_byte_however_often_it_is_looked_at()
    {
        for (var seed = 1000; seed < 1004; seed++)
        {
            var once = await Tell(seed, null);
            var twice = await Tell(seed, site => site.Pass(0.0007));
            Assert.Equal(once, twice);
        }
    }

    /// <summary>Killed and opened again after every step, at once or later: the same world as the one that was never killed.</summary>
    [Fact]
    public async Task A_world_that_is_killed_after_each_step_is_the_same_world()
    {
        for (var seed = 2000; seed < 2004; seed++)
            Assert.Equal(await Tell(seed, null), await TellWithKills(seed));
    }

    private async Task<string> Tell(int seed, Action<Site>? between)
    {
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        await using var site = new Site(Guests(), file);
        var story = new Story(site, seed);
        for (var step = 0; step < 40; step++)
            story.Step(between);
        site.World.SetLoad(Web, 0, seed);
        return await File.ReadAllTextAsync(file, Test);
    }

    private async Task<string> TellWithKills(int seed)
    {
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        var site = new Site(Guests(), file);
        var random = new Random(seed);
        for (var step = 0; step < 40; step++)
        {
            var story = new Story(site, random);
            story.Step(null);
            var (now, copy) = (site.Time.GetUtcNow(), Path.Combine(_folder, Guid.NewGuid().ToString("N")));
            File.Copy(file, copy);
            await site.DisposeAsync();
            (site, file) = (new Site(Guests(), copy, now), copy);
        }
        site.World.SetLoad(Web, 0, seed);
        await site.DisposeAsync();
        return await File.ReadAllTextAsync(file, Test);
    }

    private static WorldPlan Guests() => Plan([.. s_guests.Select((uuid, i) =>
        Guest(uuid, $"guest-{i}", s_hosts[i % 3], memory: 200 * MiB, hot: i * 30 * MiB, dirty: i * 20 * MiB, persistent: i != 3))]);

    private static void CheckNow(Site site, Story story, string when)
    {
        var view = site.World.Look();
        foreach (var guest in s_guests)
        {
            var copies = view.Hosts.SelectMany(host => host.Guests).Where(one => one.Uuid == guest).ToList();
            Assert.True(copies.Count(one => one.RunningVcpus > 0) <= 1, when);
            if (!story.MayBeLost.Contains(guest))
                Assert.True(copies.Any(one => one.State.Power == GuestPower.Running || one.State is { Power: GuestPower.Paused, Job: not GuestJob.MigrationIn }
                    || view.Transfers.Any(transfer => transfer.Guest == guest)), when);
        }
    }

    private sealed class Story(Site site, Random random)
    {
        public Story(Site site, int seed) : this(site, new Random(seed))
        {
        }

        public HashSet<Guid> MayBeLost { get; } = [];
        public List<Task> Calls { get; } = [];
        public string Last { get; private set; } = "";

        public void Step(Action<Site>? also)
        {
            var (guest, host, other) = (s_guests[random.Next(4)], s_hosts[random.Next(3)], s_hosts[random.Next(3)]);
            var what = random.Next(28);
            if (what < 13 && random.Next(10) > 0)
                host = s_hosts.FirstOrDefault(one => site.On(one, guest)?.State.Job != GuestJob.MigrationIn && site.On(one, guest)?.State.Power == GuestPower.Running) ?? host;
            var wait = random.NextDouble() * (random.Next(2) == 0 ? 10 : 0.3);
            Last = string.Create(CultureInfo.InvariantCulture, $"{what} {guest} {host} {other}, then {wait} s");
            try
            {
                Act(what, guest, host, other);
            }
            catch (Exception error) when (error is InvalidOperationException or HypervisorException)
            {
                // Refused, as it should be.
            }
            if (also is null)
            {
                site.Pass(wait);
                return;
            }
            var until = site.Time.GetUtcNow() + TimeSpan.FromSeconds(wait);
            for (var looks = 0; looks < 100 && site.Time.GetUtcNow() + TimeSpan.FromMilliseconds(1) < until; looks++)
            {
                also(site);
                site.World.Look();
            }
            site.Time.Advance(until - site.Time.GetUtcNow());
        }

        /// <summary>All is well and idle: whatever is under way can end.</summary>
        public void MendAll()
        {
            foreach (var guest in s_guests)
                site.World.SetLoad(guest, 0, 0);
            foreach (var name in s_hosts)
            {
                site.World.StartHost(name);
                site.World.StartDaemon(name);
                site.World.MendLink(name.Replace("host", "link", StringComparison.Ordinal));
            }
        }

        private void Act(int what, Guid guest, string host, string other)
        {
            switch (what)
            {
                case < 10:
                    Calls.Add(site.World.Hypervisor(host).TransferAsync(To(other, guest, what % 3 == 0 ? 20 * MiB : null, persistent: what != 9), Test));
                    break;
                case < 13:
                    Calls.Add(site.World.Hypervisor(host).AbortAsync(guest, Test));
                    break;
                case 13:
                    Calls.Add(site.World.Hypervisor(host).SetDowntimeLimitAsync(guest, TimeSpan.FromMilliseconds(random.Next(1, 900)), Test));
                    break;
                case 14:
                    site.World.StopDaemon(host);
                    break;
                case 15 or 16 or 26:
                    foreach (var one in s_hosts)
                    {
                        site.World.StartHost(one);
                        site.World.StartDaemon(one);
                    }
                    break;
                case 17 when random.Next(3) == 0:
                    MayBeLost.UnionWith(s_guests);
                    site.World.StopHost(host);
                    break;
                case 18:
                    site.World.CutLink(host.Replace("host", "link", StringComparison.Ordinal));
                    break;
                case 19 or 20:
                    site.World.MendLink(host.Replace("host", "link", StringComparison.Ordinal));
                    break;
                case 21:
                    site.World.StartPostCopy(guest);
                    break;
                case 22:
                    site.World.ResumePostCopy(guest);
                    break;
                case 23:
                    site.World.Pause(guest);
                    break;
                case 24:
                    site.World.Resume(guest);
                    break;
                case 25 when random.Next(3) == 0:
                    MayBeLost.Add(guest);
                    site.World.Destroy(guest);
                    break;
                case 27 when s_hosts.All(one => site.On(one, guest)?.State.Power is null or GuestPower.ShutOff):
                    site.World.Start(guest, host);
                    break;
            }
        }
    }
}
