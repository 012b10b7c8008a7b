using System.Runtime.InteropServices;
using Drover.Hypervisors.Libvirt;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Tests.Libvirt;

/// <summary>The whole hypervisor, on libvirt's test driver: its one guest, "test", is shared by the process, so these run one after the other.</summary>
public sealed class When_libvirt_is_the_test_driver : IAsyncLifetime
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(20);
    private readonly LibvirtHypervisor _hypervisor = new(new LibvirtOptions { Uri = "test:///default" });
    private Guid _guest;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _guest = Assert.Single(await _hypervisor.ListGuestsAsync(Test)).Uuid;

    [Fact]
    public async Task A_guest_is_described_with_its_mark()
    {
        await _hypervisor.WriteMarkAsync(_guest, When_a_mark_is_kept.Full, Test);
        var guest = await _hypervisor.FindGuestAsync(_guest, Test);
        Assert.Equal(("test", true, 2), (guest?.Name, guest?.Persistent, guest?.Vcpus));
        Assert.Equal(
            new GuestState { Power = GuestPower.Running, Reason = PowerReason.Other, Job = GuestJob.None, Mark = When_a_mark_is_kept.Full },
            guest?.State);
    }

    [Fact]
    public async Task A_guest_that_is_not_there_is_null_to_find_and_gone_to_act_on()
    {
        Assert.Null(await _hypervisor.FindGuestAsync(Guid.NewGuid(), Test));
        Assert.Equal(HypervisorFailure.GuestGone, await Kind(() => _hypervisor.SampleAsync(Guid.NewGuid(), Test)));
        Assert.Equal(HypervisorFailure.GuestGone, await Kind(() => _hypervisor.TransferAsync(Plan(Guid.NewGuid()), Test)));
        Assert.Equal(HypervisorFailure.GuestGone, await Kind(() => _hypervisor.WriteMarkAsync(Guid.NewGuid(), When_a_mark_is_kept.Full, Test)));
    }

    [Fact]
    public async Task What_the_driver_cannot_do_is_not_supported()
    {
        Assert.Equal(HypervisorFailure.NotSupported, await Kind(() => _hypervisor.SampleAsync(_guest, Test)));
        Assert.Equal(HypervisorFailure.NotSupported, await Kind(() => _hypervisor.AbortAsync(_guest, Test)));
        Assert.Equal(HypervisorFailure.NotSupported, await Kind(() => _hypervisor.GetDowntimeLimitAsync(_guest, Test)));
        Assert.Equal(HypervisorFailure.NotSupported, await Kind(() => _hypervisor.SetDowntimeLimitAsync(_guest, TimeSpan.FromSeconds(1), Test)));
        Assert.Equal(HypervisorFailure.NotSupported, await Kind(() => _hypervisor.DescribeHostAsync(Test)));
    }

    [Fact]
    public async Task The_definition_of_a_guest_that_runs_stays()
    {
        Assert.Equal(HypervisorFailure.Failed, await Kind(() => _hypervisor.ForgetGuestAsync(_guest, Test)));
        Assert.True((await _hypervisor.FindGuestAsync(_guest, Test))?.Persistent);
    }

    [Fact]
    public async Task A_migrate_call_that_fails_ends_with_libvirts_words()
    {
        var end = await _hypervisor.TransferAsync(Plan(_guest), Test);
        Assert.False(end.Success);
        Assert.NotEmpty(end.Error!);
        Assert.Null(end.Totals);
    }

    [Fact]
    public async Task Watching_begins_with_the_connection_and_tells_of_guests()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Test);
        patience.CancelAfter(s_soon);
        await using var watch = _hypervisor.WatchAsync(patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await watch.MoveNextAsync());
        Assert.IsType<HypervisorEvent.Connected>(watch.Current);
        PauseAndResume();
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(new HypervisorEvent.GuestChanged(_guest, "suspended: paused"), watch.Current);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(new HypervisorEvent.GuestChanged(_guest, "resumed: unpaused"), watch.Current);
    }

    [Fact]
    public async Task Disposing_ends_the_watching_and_the_calls()
    {
        var watch = _hypervisor.WatchAsync(Test).GetAsyncEnumerator(Test);
        Assert.True(await watch.MoveNextAsync());
        await _hypervisor.DisposeAsync();
        Assert.False(await watch.MoveNextAsync().AsTask().WaitAsync(s_soon, Test));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _hypervisor.ListGuestsAsync(Test));
    }

    public ValueTask DisposeAsync() => _hypervisor.DisposeAsync();

    private static TransferPlan Plan(Guid guest) => new() { Guest = guest, PeerUri = "qemu+tcp://127.0.0.1:1/system", Persistent = true };

    private static async Task<HypervisorFailure> Kind(Func<Task> call) => (await Assert.ThrowsAsync<HypervisorException>(call)).Kind;

    private static void PauseAndResume()
    {
        var connection = virConnectOpen("test:///default");
        var domain = virDomainLookupByName(connection, "test");
        Assert.Equal((0, 0), (virDomainSuspend(domain), virDomainResume(domain)));
        _ = virDomainFree(domain);
        _ = virConnectClose(connection);
    }

    [DllImport("libvirt.so.0")]
    private static extern nint virConnectOpen([MarshalAs(UnmanagedType.LPUTF8Str)] string uri);

    [DllImport("libvirt.so.0")]
    private static extern int virConnectClose(nint connection);

    [DllImport("libvirt.so.0")]
    private static extern nint virDomainLookupByName(nint connection, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libvirt.so.0")]
    private static extern int virDomainFree(nint domain);

    [DllImport("libvirt.so.0")]
    private static extern int virDomainSuspend(nint domain);

    [DllImport("libvirt.so.0")]
    private static extern int virDomainResume(nint domain);
}
