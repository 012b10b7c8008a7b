using Drover.Agent.Transfers;
using Drover.Hypervisors;
using Drover.Policy.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Agent.Watch;

/// <summary>
/// Re-attachment: at start, whenever the hypervisor is back, and each minute, looks for guests whose mark says that a transfer from here runs or was not
/// settled. One that runs is watched on; one that ended unseen is settled and reported. A migration without such a mark is someone else's and not touched.
/// </summary>
internal sealed class UnfinishedBusiness(IHypervisor hypervisor, RunningTransfers transfers, GuestGates gates, Epochs epochs, Settlement settlement, Courier courier,
    TimeProvider time, IOptions<AgentOptions> options, ILogger<UnfinishedBusiness> logger) : IAgentLoop
{
    private readonly Nudge _nudge = new(time);
    private string? _noLook;

    /// <summary>Looks now.</summary>
    public void Look() => _nudge.Give();

    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var wait = await Sweep(stopping) ? options.Value.InventoryEvery : options.Value.ReportEvery;
            await _nudge.Wait(wait, stopping);
        }
    }

    /// <summary>False when something could not be done now.</summary>
    private async Task<bool> Sweep(CancellationToken stopping)
    {
        try
        {
            var guests = await hypervisor.ListGuestsAsync(stopping);
            epochs.KeepOnly(guests.Select(guest => guest.Uuid).ToHashSet());
            var done = true;
            _noLook = null;
            foreach (var guest in guests.Where(settlement.Owes))
                done &= await Finish(guest.Uuid, stopping);
            return done;
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            if (_noLook != error.Message)
                logger.NoLook(_noLook = error.Message);
            return false;
        }
    }

    private async Task<bool> Finish(Guid uuid, CancellationToken stopping)
    {
        using var gate = await gates.Enter(uuid, stopping);
        if (transfers.Of(uuid) is not null || await hypervisor.FindGuestAsync(uuid, stopping) is not { } guest || !settlement.Owes(guest))
            return true;
        if (guest.State.Job == GuestJob.MigrationOut)
        {
            transfers.Attach(guest);
            return true;
        }
        if (guest.State.Job != GuestJob.None)
            return true;        // it comes, or is saved: not ours to touch; the next look sees it again
        if (!await settlement.Settle(uuid, stopping))
            return false;
        if (guest.State.Power is GuestPower.Running or GuestPower.Paused)
        {
            var ended = new RunningTransfer(time) { Guest = uuid, Name = guest.Name, Mark = guest.State.Mark!, Visibility = Contracts.Migrations.Visibility.Operator }
                .Ended("it ended while no agent watched, or never began", null);
            await courier.TryTell(Bus.Queues.Migrations, ended, stopping);
        }
        return true;
    }
}
