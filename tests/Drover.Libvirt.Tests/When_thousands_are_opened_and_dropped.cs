using Drover.Libvirt.Handles;

namespace Drover.Libvirt.Tests;

/// <summary>Counters and descriptors belong to the process: nothing runs beside this.</summary>
[CollectionDefinition(nameof(When_thousands_are_opened_and_dropped), DisableParallelization = true)]
[Collection(nameof(When_thousands_are_opened_and_dropped))]
public sealed class When_thousands_are_opened_and_dropped
{
    private const int Times = 3_000;
    private const long MostGrowth = 24L << 20; // A leak of 8 KiB a turn, the least that a connection costs, would be this.

    [Fact]
    public void No_handle_descriptor_or_memory_stays()
    {
        using var host = new TestHost();
        Turn(host, Times); // Libraries loaded, pools and arenas filled.
        Collect();
        var before = Now();
        Turn(host, Times);
        Collect();
        var after = Now();
        Assert.Equal((before.Connections, before.Domains, before.Sinks, before.Descriptors), (after.Connections, after.Domains, after.Sinks, after.Descriptors));
        Assert.InRange(after.Resident - before.Resident, long.MinValue, MostGrowth);
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

    private static (int Connections, int Domains, int Sinks, int Descriptors, long Resident) Now()
        => (ConnectHandle.Open, DomainHandle.Open, EventSink.Registered, Directory.GetFiles("/proc/self/fd").Length, Environment.WorkingSet);
}
