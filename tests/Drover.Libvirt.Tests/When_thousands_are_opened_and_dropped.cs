using System.Runtime.InteropServices;
using Drover.Libvirt.Handles;

namespace Drover.Libvirt.Tests;

/// <summary>Counters and descriptors belong to the process: nothing runs beside this.</summary>
[CollectionDefinition(nameof(When_thousands_are_opened_and_dropped), DisableParallelization = true)]
[Collection(nameof(When_thousands_are_opened_and_dropped))]
public sealed class When_thousands_are_opened_and_dropped
{
    private const int Rounds = 9;
    private const int Times = 500;
    private const long MostGrowth = Times * 16; // Half of the least that C's allocator gives: one forgotten piece in each turn is more.

    [Fact]
    public void No_handle_descriptor_or_memory_stays()
    {
        using var host = new TestHost();
        Turn(host, 4 * Times); // Libraries loaded, pools and arenas filled.
        Collect();
        var before = Now();
        var growth = new long[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var allocated = Now().Allocated;
            Turn(host, Times);
            Collect();
            growth[round] = Now().Allocated - allocated;
        }

        var after = Now();
        Assert.Equal((before.Connections, before.Domains, before.Sinks), (after.Connections, after.Domains, after.Sinks));
        Assert.InRange(after.Descriptors - before.Descriptors, int.MinValue, Times); // A leak is one a turn; the runtime opens a few of its own.

        // The runtime takes and gives back too, now and then and much at once; a leak grows in every round. So a low one is the judge, but not the lowest.
        Assert.InRange(growth.Order().ElementAt(Rounds / 3), long.MinValue, MostGrowth);
    }

    [Fact]
    public void Handles_that_nobody_disposed_are_freed_by_the_collector()
    {
        Collect();
        var before = Now();
        Forget();
        Collect();
        Assert.Equal((before.Connections, before.Domains, before.Sinks), (Now().Connections, Now().Domains, Now().Sinks));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Forget()
    {
        for (var i = 0; i < 20; i++)
        {
            _ = HostConnection.Open("test:///default", TimeSpan.FromSeconds(5), 5).ListGuests();
        }
    }

    private static void Turn(TestHost host, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var connection = HostConnection.Open("test:///default", TimeSpan.FromSeconds(5), 5);
            foreach (var listed in connection.ListGuests())
            {
                listed.Dispose();
            }

            using var guest = host.Guest();
            _ = guest.ReadMetadata("urn:none");
            _ = connection.ReadHostName();
            _ = connection.ReadHostUuid();
            Assert.Throws<LibvirtException>(() => connection.FindGuest("nobody"));
            using var list = new TypedParametersHandle().Add("a", new string('x', 100)).Add("b", 1UL);
        }
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    private static (int Connections, int Domains, int Sinks, int Descriptors, long Allocated) Now()
        => (ConnectHandle.Open, DomainHandle.Open, EventSink.Registered, Directory.GetFiles("/proc/self/fd").Length, (long)mallinfo2().BytesInUse);

    /// <summary>What C's allocator has given out and not got back: exact, where the resident size would hide a small leak.</summary>
    [DllImport("libc")]
    private static extern Allocations mallinfo2();

    [StructLayout(LayoutKind.Sequential)]
    private struct Allocations
    {
        public nuint Arena, FreeChunks, FastChunks, Maps, MappedBytes, Unused, FastBytes, BytesInUse, FreeBytes, Trimmable;
    }
}
