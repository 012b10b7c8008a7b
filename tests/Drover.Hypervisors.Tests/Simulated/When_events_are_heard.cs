using Drover.Policy.Model;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

public sealed class When_events_are_heard
{
    [Fact]
    public async Task A_success_is_told_in_libvirt_s_order()
    {
        await using var site = new Site();
        var heard = new List<string>();
        await using var atSource = new Ear(site.A, one => heard.Add("a " + Words(one)));
        await using var atDestination = new Ear(site.B, one => heard.Add("b " + Words(one)));
        await site.Over(site.Move());
        Assert.Equal(
            [
                "a connected", "b connected", "b started: migrated", "a pass 1", "a pass 2", "a suspended: migrated", "a pass 3",
                "b resumed: migrated", "b defined: added", "a stopped: migrated", "a undefined: removed", "a completed",
            ], heard);
    }

    [Fact]
    public async Task An_abort_tells_nothing_at_the_source()
    {
        await using var site = new Site();
        var heard = new List<string>();
        var moving = site.Move();
        site.Pass(2);
        await using var atSource = new Ear(site.A, one => heard.Add("a " + Words(one)));
        await using var atDestination = new Ear(site.B, one => heard.Add("b " + Words(one)));
        await site.A.AbortAsync(Web, Test);
        await site.Over(moving);
        Assert.Equal(["a connected", "b connected", "b stopped: failed"], heard);
    }

    /// <summary>Nobody reads: the oldest go, and the newest are there when somebody does.</summary>
    [Fact]
    public async Task A_slow_reader_loses_the_oldest()
    {
        await using var site = new Site();
        await using var events = site.A.WatchAsync(Test).GetAsyncEnumerator(Test);
        Assert.True(await events.MoveNextAsync());
        for (var i = 0; i < 2000; i++)
        {
            site.World.Pause(Web);
            site.World.Resume(Web);
        }
        site.World.Shutdown(Web);
        var words = new List<string>();
        for (var i = 0; i < 1024; i++)
        {
            Assert.True(await events.MoveNextAsync());
            words.Add(Words(events.Current));
        }
        Assert.Equal("stopped: shut down", words[^1]);
        var more = events.MoveNextAsync().AsTask();
        Assert.False(more.IsCompleted);
        await site.A.DisposeAsync();
        Assert.False(await more);
    }

    [Fact]
    public async Task Listening_ends_when_it_is_cancelled_or_the_face_or_the_world_is_closed()
    {
        var site = new Site();
        using var enough = new CancellationTokenSource();
        var cancelled = Listen(site.World.Hypervisor("host-a"), enough.Token);
        await using var face = site.World.Hypervisor("host-a");
        var closed = Listen(face, Test);
        var last = Listen(site.World.Hypervisor("host-a"), Test);

        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await face.DisposeAsync();
        await closed;
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await face.ListGuestsAsync(Test));
        Assert.False(last.IsCompleted);
        await site.DisposeAsync();
        await last;
    }

    [Fact]
    public async Task A_call_that_waits_when_the_world_is_closed_fails()
    {
        var site = new Site();
        var moving = site.Move();
        await site.DisposeAsync();
        Assert.Equal(HypervisorFailure.Unavailable, (await Assert.ThrowsAsync<HypervisorException>(() => moving)).Kind);
    }

    private static async Task Listen(IHypervisor face, CancellationToken cancellationToken)
    {
        await foreach (var _ in face.WatchAsync(cancellationToken))
        {
        }
    }

    private static string Words(HypervisorEvent what) => what switch
    {
        HypervisorEvent.GuestChanged changed => changed.What,
        HypervisorEvent.PassBegan pass => $"pass {pass.Iteration}",
        HypervisorEvent.JobCompleted => "completed",
        HypervisorEvent.ConnectionLost => "lost",
        _ => "connected",
    };

    /// <summary>Hears until it is disposed.</summary>
    private sealed class Ear : IAsyncDisposable
    {
        private readonly CancellationTokenSource _enough = new();
        private readonly Task _listening;

        public Ear(IHypervisor face, Action<HypervisorEvent> hear) => _listening = Hear(face, hear);

        private async Task Hear(IHypervisor face, Action<HypervisorEvent> hear)
        {
            await foreach (var what in face.WatchAsync(_enough.Token))
                hear(what);
        }

        public async ValueTask DisposeAsync()
        {
            await _enough.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _listening);
            _enough.Dispose();
        }
    }
}
