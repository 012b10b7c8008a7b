using Drover.Hypervisors.Libvirt;
using Microsoft.Extensions.Time.Testing;

namespace Drover.Hypervisors.Tests.Libvirt;

public sealed class When_a_native_call_hangs : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new();
    private readonly ManualResetEventSlim _hang = new();
    private readonly NativeCalls _calls;

    public When_a_native_call_hangs() => _calls = new NativeCalls(places: 1, s_limit, _time);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_caller_is_let_go_at_the_limit()
    {
        var error = await Assert.ThrowsAsync<HypervisorException>(() => HangUntilTheLimit());
        Assert.Equal(HypervisorFailure.Unavailable, error.Kind);
        Assert.Contains("hang", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_keeps_its_place_until_it_returns()
    {
        await Assert.ThrowsAsync<HypervisorException>(() => HangUntilTheLimit());
        var next = _calls.RunAsync("next", () => 2, Test);
        Assert.False(next.IsCompleted);
        _hang.Set();
        Assert.Equal(2, await next.WaitAsync(s_soon, Test));
    }

    [Fact]
    public async Task Those_that_wait_for_its_place_are_let_go_too()
    {
        await Assert.ThrowsAsync<HypervisorException>(() => HangUntilTheLimit());
        var error = await Assert.ThrowsAsync<HypervisorException>(() => HangUntilTheLimit());
        Assert.Equal(HypervisorFailure.Unavailable, error.Kind);
    }

    [Fact]
    public async Task A_cancelled_caller_sees_its_own_cancellation()
    {
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
        {
            var call = _calls.RunAsync("hang", Hang, cancel.Token);
            cancel.CancelAfter(0);
            return call;
        });
    }

    [Fact]
    public async Task A_result_that_comes_too_late_is_handed_to_be_thrown_away()
    {
        var thrown = new TaskCompletionSource<int>();
        await Assert.ThrowsAsync<HypervisorException>(() => HangUntilTheLimit(thrown.SetResult));
        _hang.Set();
        Assert.Equal(1, await thrown.Task.WaitAsync(s_soon, Test));
    }

    public void Dispose() => _hang.Set();

    private Task<int> HangUntilTheLimit(Action<int>? unwanted = null)
    {
        var call = _calls.RunAsync("hang", Hang, Test, unwanted);
        _time.Advance(s_limit);
        return call;
    }

    private int Hang()
    {
        _hang.Wait(s_soon);
        return 1;
    }
}
