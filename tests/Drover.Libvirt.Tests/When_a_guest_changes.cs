namespace Drover.Libvirt.Tests;

public sealed class When_a_guest_changes : IDisposable
{
    private readonly TestHost _host = new();

    [Fact]
    public async Task Each_change_is_told_in_order()
    {
        _host.Suspend();
        _host.Resume();
        _host.Destroy();
        Assert.Equal(["suspended: paused", "resumed: unpaused", "stopped: destroyed"], [await NextWords(), await NextWords(), await NextWords()]);
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_and_not_the_newest()
    {
        const int Capacity = 1_024;
        for (var i = 0; i < Capacity; i++)
        {
            _host.Suspend();
            _host.Resume();
        }

        Assert.True(SpinWait.SpinUntil(() => _host.Events.Count == Capacity, TestHost.Soon));
        _host.Destroy();
        while (await NextWords() != "stopped: destroyed")
        {
            Assert.InRange(_host.Events.Count, 0, Capacity);
        }
    }

    [Fact]
    public async Task Disposing_ends_the_events_without_an_error()
    {
        _host.Connection.Dispose();
        await _host.Events.Completion.WaitAsync(TestHost.Soon, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(LifecycleEvent.Resumed, 1, "resumed: migrated")]
    [InlineData(LifecycleEvent.Suspended, 7, "suspended: post-copy")]
    [InlineData(LifecycleEvent.Undefined, 1, "undefined: renamed")]
    [InlineData(LifecycleEvent.PowerManagementSuspended, 1, "suspended by the guest: detail 1")]
    [InlineData((LifecycleEvent)99, 1, "99: detail 1")]
    public void Every_event_has_words(LifecycleEvent what, int detail, string words)
        => Assert.Equal(words, new HostEvent.LifecycleChanged(Guid.Empty, what, detail).Words);

    public void Dispose() => _host.Dispose();

    private async Task<string> NextWords()
    {
        var changed = Assert.IsType<HostEvent.LifecycleChanged>(await _host.NextEvent());
        Assert.Equal(TestHost.GuestUuid, changed.Guest);
        return changed.Words;
    }
}
