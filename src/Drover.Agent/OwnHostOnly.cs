using Drover.Hypervisors;
using Drover.Policy.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Agent;

/// <summary>
/// An agent speaks for its own libvirt only: until the libvirt it is connected to has given this host's name, every call fails as if it were away, with the
/// reason. So a wrong address shows in the host's reports, and no order reaches another host's guests.
/// </summary>
internal sealed class OwnHostOnly(IHypervisor inner, IOptions<AgentOptions> options, ILogger<OwnHostOnly> logger) : IHypervisor
{
    private readonly AgentOptions _options = options.Value;
    private volatile bool _verified;
    private volatile string? _wrong;

    public async Task<HostFacts> DescribeHostAsync(CancellationToken cancellationToken)
    {
        var host = await inner.DescribeHostAsync(cancellationToken);
        _verified = _options.AllowOtherHostName || IsOwn(host.Name);
        if (_verified)
            return host;

        if (_wrong != host.Name)
            logger.WrongHost(_options.Host, _wrong = host.Name);
        throw new HypervisorException(HypervisorFailure.Unavailable,
            $"this libvirt says that its host is \"{host.Name}\", and this agent is set up for \"{_options.Host}\" (Agent:Host, Agent:AllowOtherHostName)");
    }

    private bool IsOwn(string name) =>
        name.Equals(_options.Host, StringComparison.OrdinalIgnoreCase) || name.Split('.')[0].Equals(_options.Host, StringComparison.OrdinalIgnoreCase);

    private async Task<IHypervisor> Own(CancellationToken cancellationToken)
    {
        if (!_verified)
            await DescribeHostAsync(cancellationToken);
        return inner;
    }

    public async Task<IReadOnlyList<GuestFacts>> ListGuestsAsync(CancellationToken cancellationToken) =>
        await (await Own(cancellationToken)).ListGuestsAsync(cancellationToken);

    public async Task<GuestFacts?> FindGuestAsync(Guid guest, CancellationToken cancellationToken) =>
        await (await Own(cancellationToken)).FindGuestAsync(guest, cancellationToken);

    public async Task WriteMarkAsync(Guid guest, Mark mark, CancellationToken cancellationToken) =>
        await (await Own(cancellationToken)).WriteMarkAsync(guest, mark, cancellationToken);

    public async Task<TransferEnd> TransferAsync(TransferPlan plan, CancellationToken cancellationToken) =>
        await (await Own(cancellationToken)).TransferAsync(plan, cancellationToken);

    public async Task<Sample?> SampleAsync(Guid guest, CancellationToken cancellationToken) =>
        await (await Own(cancellationToken)).SampleAsync(guest, cancellationToken);

    public async Task<bool> AbortAsync(Guid guest, CancellationToken cancellationToken) =>
        await (await Own(cancellationToken)).AbortAsync(guest, cancellationToken);

    public async Task<TimeSpan> GetDowntimeLimitAsync(Guid guest, CancellationToken cancellationToken) =>
        await (await Own(cancellationToken)).GetDowntimeLimitAsync(guest, cancellationToken);

    public async Task SetDowntimeLimitAsync(Guid guest, TimeSpan limit, CancellationToken cancellationToken) =>
        await (await Own(cancellationToken)).SetDowntimeLimitAsync(guest, limit, cancellationToken);

    public async Task ForgetGuestAsync(Guid guest, CancellationToken cancellationToken) =>
        await (await Own(cancellationToken)).ForgetGuestAsync(guest, cancellationToken);

    public IAsyncEnumerable<HypervisorEvent> WatchAsync(CancellationToken cancellationToken) => inner.WatchAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
