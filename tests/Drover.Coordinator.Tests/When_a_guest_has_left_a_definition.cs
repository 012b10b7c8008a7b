using Drover.Contracts.Agents;

namespace Drover.Coordinator.Tests;

/// <summary>libvirt died between "confirmed" and "undefined": the guest runs at its destination, and the source keeps its definition, shut off.</summary>
public class When_a_guest_has_left_a_definition
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Its_source_is_told_to_remove_it_once_both_hosts_have_testified(bool left, int orders)
    {
        await using var coordination = await Coordination.Start(["host-a", "host-b"]);
        var web = Guest.Named("web");
        await coordination.Report("host-a", web);
        await coordination.Report("host-b");
        var (source, destination) = (coordination.Agents["host-a"], coordination.Agents["host-b"]);
        var id = Guid.CreateVersion7();
        source.OnBegin = order => [AgentDouble.Began(order), new TransferEnded { MigrationId = id, Attempt = 1, Epoch = order.Epoch }];
        source.OnReport = _ => left ? AgentDouble.Running(id) with { Power = "shut-off", PowerReason = "migrated" } : AgentDouble.Absent;
        destination.OnReport = _ => AgentDouble.Running(id);
        await coordination.Migrate(id, web, "host-b");
        var saga = await coordination.UntilState(id, "Completed");

        await coordination.Until(_ => Task.FromResult(source.Orders.OfType<ForgetGuest>().Count() == orders));
        Assert.All(source.Orders.OfType<ForgetGuest>(), order => Assert.Equal((id, 1, saga.Epoch, web.Uuid), (order.MigrationId, order.Attempt, order.Epoch, order.GuestUuid)));
        Assert.Empty(destination.Orders.OfType<ForgetGuest>());
    }
}
