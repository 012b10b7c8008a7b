using System.Runtime.CompilerServices;
using Drover.Libvirt;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Libvirt;

/// <summary>
/// A host's real hypervisor. One connection brings events; every call in progress has one of its own, a migrate call for as long as it takes: libvirt
/// answers few calls at once per connection, waiting ones would hold up an abort, and two on one can crash its client.
/// </summary>
public sealed class LibvirtHypervisor : IHypervisor
{
    private readonly ControlConnection _control;
    private readonly Transfers _transfers;

    // Libvirt has no call for a host's links, and the kernel tells those of this machine only.
    private readonly bool _isThisMachine;

    /// <summary>Begins to connect; a libvirt that is away makes calls fail, not this.</summary>
    /// <param name="options">How to reach libvirt.</param>
    /// <param name="time">The clock for time-outs and pauses.</param>
    public LibvirtHypervisor(LibvirtOptions options, TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        _isThisMachine = Uri.TryCreate(options.Uri, UriKind.Absolute, out var uri) && uri.Host.Length == 0;
        var calls = new CallConnections(options, new NativeCalls(options.MaxCalls, options.CallTimeout, clock));
        _control = new ControlConnection(options, calls, clock);
        _transfers = new Transfers(calls, options.MaxTransfers, clock);
    }

    /// <inheritdoc />
    public Task<HostFacts> DescribeHostAsync(CancellationToken cancellationToken) => _control.CallAsync(
        "describe the host",
        host =>
        {
            var memory = host.ReadMemory();
            return new HostFacts
            {
                Name = host.ReadHostName(),
                Uuid = host.ReadHostUuid() ?? throw new HypervisorException(HypervisorFailure.NotSupported, "libvirt gives this host no UUID"),
                LibvirtVersion = host.ReadLibvirtVersion().ToString(),
                QemuVersion = host.ReadHypervisorVersion().ToString(),
                MemoryBytes = memory.TotalBytes,
                FreeMemoryBytes = memory.FreeBytes,
                Processors = host.ReadProcessors(),
                Links = _isThisMachine ? HostLinks.Read() : [],
            };
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<GuestFacts>> ListGuestsAsync(CancellationToken cancellationToken) => _control.CallAsync<IReadOnlyList<GuestFacts>>(
        "list guests",
        host =>
        {
            var facts = new List<GuestFacts>();
            foreach (var guest in host.ListGuests())
            {
                using (guest)
                {
                    if (OrNullWhenGone(() => GuestReading.Read(guest)) is { } read)
                    {
                        facts.Add(read);
                    }
                }
            }

            return facts;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<GuestFacts?> FindGuestAsync(Guid guest, CancellationToken cancellationToken) => _control.CallAsync(
        "find a guest",
        host => OrNullWhenGone(() =>
        {
            using var found = host.FindGuest(guest);
            return GuestReading.Read(found);
        }),
        cancellationToken);

    /// <inheritdoc />
    public Task WriteMarkAsync(Guid guest, Mark mark, CancellationToken cancellationToken) => OnGuestAsync(
        "write the mark",
        guest,
        found =>
        {
            if (GuestReading.ReadJob(found) != GuestJob.None)
            {
                // Libvirt would wait half a minute for the job before it says the same.
                throw new HypervisorException(HypervisorFailure.Busy, "metadata cannot change while a job runs on the guest");
            }

            found.WriteMetadata(MarkXml.Uri, MarkXml.Prefix, MarkXml.Write(mark));
            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<TransferEnd> TransferAsync(TransferPlan plan, CancellationToken cancellationToken) => _transfers.RunAsync(plan, cancellationToken);

    /// <inheritdoc />
    public Task<Sample?> SampleAsync(Guid guest, CancellationToken cancellationToken) => OnGuestAsync(
        "sample the job",
        guest,
        found => ReadOutgoing(found) is { } job ? JobReading.Sample(job, GuestReading.ReasonOf(found.ReadStatus())) : null,
        cancellationToken);

    /// <inheritdoc />
    public Task<bool> AbortAsync(Guid guest, CancellationToken cancellationToken) => OnGuestAsync(
        "abort the job",
        guest,
        found =>
        {
            if (ReadOutgoing(found) is null)
            {
                return false;
            }

            try
            {
                found.Migration.Abort();
                return true;
            }
            catch (LibvirtException e) when (e.IsWrongState && ReadOutgoing(found) is null)
            {
                return false; // It ended between the look and the abort.
            }
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<TimeSpan> GetDowntimeLimitAsync(Guid guest, CancellationToken cancellationToken)
        => OnGuestAsync("read the downtime limit", guest, found => found.Migration.ReadDowntimeLimit(), cancellationToken);

    /// <inheritdoc />
    public Task SetDowntimeLimitAsync(Guid guest, TimeSpan limit, CancellationToken cancellationToken) => OnGuestAsync(
        "set the downtime limit",
        guest,
        found =>
        {
            found.Migration.SetDowntimeLimit(limit);
            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public Task ForgetGuestAsync(Guid guest, CancellationToken cancellationToken) => OnGuestAsync(
        "remove the definition",
        guest,
        found =>
        {
            if (found.ReadStatus().State is not GuestRunState.ShutOff)
                throw new HypervisorException(HypervisorFailure.Failed, "the guest is active: its definition stays");
            found.Undefine();
            return true;
        },
        cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<HypervisorEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watcher = _control.Watch();
        try
        {
            await foreach (var happened in watcher.Reader.ReadAllAsync(cancellationToken))
            {
                yield return happened;
            }
        }
        finally
        {
            _control.Unwatch(watcher);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _control.DisposeAsync();

    private Task<T> OnGuestAsync<T>(string what, Guid guest, Func<Guest, T> call, CancellationToken cancellationToken) => _control.CallAsync(
        what,
        host =>
        {
            using var found = host.FindGuest(guest);
            return call(found);
        },
        cancellationToken);

    /// <summary>Statistics of the guest's outgoing migration; null when it has none. A guest that is off or coming in has no statistics to read.</summary>
    private static JobStats? ReadOutgoing(Guest guest)
    {
        try
        {
            return guest.Migration.ReadStats() is { Type: JobType.Bounded or JobType.Unbounded, Operation: JobOperation.MigrationOut } job ? job : null;
        }
        catch (LibvirtException e) when (e.IsWrongState || e is { NotSupported: true, DriverLacksCall: false })
        {
            return null;
        }
    }

    private static GuestFacts? OrNullWhenGone(Func<GuestFacts> read)
    {
        try
        {
            return read();
        }
        catch (LibvirtException e) when (e.GuestIsGone)
        {
            return null;
        }
    }
}
