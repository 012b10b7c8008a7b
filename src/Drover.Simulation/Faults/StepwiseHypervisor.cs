using System.Runtime.CompilerServices;
using Drover.Hypervisors;
using Drover.Policy.Model;
using Drover.Simulation.Clock;
using Drover.Simulation.Invariants;

namespace Drover.Simulation.Faults;

/// <summary>A hypervisor whose every call is an effect: it takes time, and its caller may be killed before or after it. An observer is told of each mark that is written and each transfer that is begun.</summary>
internal sealed class StepwiseHypervisor(IHypervisor inner, Effects effects, WorldObserver observer) : IHypervisor
{
    public Task<HostFacts> DescribeHostAsync(CancellationToken cancellationToken) =>
        effects.Do("describe host", () => AtOnce.Result(inner.DescribeHostAsync(cancellationToken)));

    public Task<IReadOnlyList<GuestFacts>> ListGuestsAsync(CancellationToken cancellationToken) =>
        effects.Do("list guests", () => AtOnce.Result(inner.ListGuestsAsync(cancellationToken)));

    public Task<GuestFacts?> FindGuestAsync(Guid guest, CancellationToken cancellationToken) =>
        effects.Do("find guest", () => AtOnce.Result(inner.FindGuestAsync(guest, cancellationToken)));

    public Task ForgetGuestAsync(Guid guest, CancellationToken cancellationToken) =>
        effects.Do("remove definition", () => AtOnce.Result(Done(inner.ForgetGuestAsync(guest, cancellationToken))));

    public Task WriteMarkAsync(Guid guest, Mark mark, CancellationToken cancellationToken) =>
        effects.Do("write mark", () =>
        {
            var written = AtOnce.Result(Done(inner.WriteMarkAsync(guest, mark, cancellationToken)));
            observer.Marked(mark.MigrationId);
            return written;
        });

    public async Task<TransferEnd> TransferAsync(TransferPlan plan, CancellationToken cancellationToken) =>
        await await effects.Do("begin transfer", () =>
        {
            var transfer = inner.TransferAsync(plan, cancellationToken);
            observer.Begun(plan.Guest);
            return transfer;
        });

    public Task<Sample?> SampleAsync(Guid guest, CancellationToken cancellationToken) =>
        effects.Do("sample", () => AtOnce.Result(inner.SampleAsync(guest, cancellationToken)));

    public Task<bool> AbortAsync(Guid guest, CancellationToken cancellationToken) =>
        effects.Do("abort", () => AtOnce.Result(inner.AbortAsync(guest, cancellationToken)));

    public Task<TimeSpan> GetDowntimeLimitAsync(Guid guest, CancellationToken cancellationToken) =>
        effects.Do("get downtime limit", () => AtOnce.Result(inner.GetDowntimeLimitAsync(guest, cancellationToken)));

    public Task SetDowntimeLimitAsync(Guid guest, TimeSpan limit, CancellationToken cancellationToken) =>
        effects.Do("set downtime limit", () => AtOnce.Result(Done(inner.SetDowntimeLimitAsync(guest, limit, cancellationToken))));

    public async IAsyncEnumerable<HypervisorEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var happened in inner.WatchAsync(cancellationToken))
            yield return happened;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static async Task<bool> Done(Task call)
    {
        await call;
        return true;
    }
}
