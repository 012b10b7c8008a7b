using Drover.Hypervisors;
using Drover.Policy.Model;
using Microsoft.Extensions.Options;

namespace Drover.Agent.Transfers;

/// <summary>
/// Whoever says that an attempt's transfer does not run and never will must first see to that: a copy of the order to begin may still be on its way, and what
/// stood against it may be over when it comes. So the attempt is written to the guest's mark, where also an agent that comes after this one finds it.
/// </summary>
internal sealed class Bars(IHypervisor hypervisor, Epochs epochs, Settlement settlement, Patience patience, IOptions<AgentOptions> options)
{
    /// <summary>Bars an attempt. Where no mark can be written (the guest is off, or a job runs on it), this process remembers.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="attempt">Its attempt.</param>
    /// <param name="epoch">The order's epoch.</param>
    /// <param name="uuid">The guest.</param>
    /// <param name="guest">The guest as it was found a moment ago, inside its gate; null when the host has none.</param>
    /// <param name="cancellationToken">Ends the tries.</param>
    /// <exception cref="HypervisorException">The mark could not be written: nothing is barred but in this process.</exception>
    public async Task Set(Guid migration, int attempt, long epoch, Guid uuid, GuestFacts? guest, CancellationToken cancellationToken)
    {
        if (epochs.Highest(uuid) > epoch)
            return;     // a newer order bars this one already
        epochs.Bar(uuid, migration, attempt);
        if (guest is not { State: { Power: GuestPower.Running or GuestPower.Paused, Job: GuestJob.None } state })
            return;
        var bar = state.Mark is { } mark && mark.MigrationId == migration && mark.Attempt == attempt
            ? mark with { Epoch = epoch }
            : new Mark
            {
                MigrationId = migration,
                Attempt = attempt,
                Epoch = epoch,
                Source = options.Value.Host,
                Destination = options.Value.Host,       // it goes nowhere
                DowntimeLimitBefore = settlement.Owes(guest) ? state.Mark!.DowntimeLimitBefore : null,
            };
        if (bar != state.Mark)
            await patience.Try(token => hypervisor.WriteMarkAsync(uuid, bar, token), cancellationToken);
        await settlement.Settle(uuid, cancellationToken);
    }
}
