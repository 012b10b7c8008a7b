using Drover.Contracts.Agents;
using Drover.Policy.Model;

namespace Drover.Agent.Tests;

/// <summary>The guest has moved away, and libvirt died before it removed what it keeps of it.</summary>
public class When_a_guest_has_left_a_definition
{
    private static readonly GuestState Left = new() { Power = GuestPower.ShutOff, Reason = PowerReason.Migrated, Job = GuestJob.None, Mark = Some.Mark() };

    [Fact]
    public async Task It_is_removed()
    {
        await using var world = await World.With();
        world.Hypervisor.Change(Some.Guest, _ => Left);
        await world.Order(Some.Forget());
        await world.Until(() => world.Hypervisor.Asked.Contains("forget"), "the definition removed");
        await world.Order(Some.Forget());
        await world.Order(new ReportGuest { MigrationId = Some.Migration, GuestUuid = Some.Guest, Question = 1 });
        Assert.False((await world.Hears<GuestReported>()).Sighting.Present);
        Assert.Single(world.Hypervisor.Asked, "forget");
    }

    public static TheoryData<string, GuestState, ForgetGuest> Others => new()
    {
        { "it runs", Left with { Power = GuestPower.Running }, Some.Forget() },
        { "it is paused", Left with { Power = GuestPower.Paused }, Some.Forget() },
        { "a job is on it", Left with { Job = GuestJob.MigrationIn }, Some.Forget() },
        { "it carries no mark", Left with { Mark = null }, Some.Forget() },
        { "another migration marked it", Left with { Mark = Some.Mark() with { MigrationId = Some.OtherMigration } }, Some.Forget() },
        { "another attempt marked it", Left, Some.Forget(attempt: 2) },
        { "a newer order was seen", Left with { Mark = Some.Mark(epoch: 6) }, Some.Forget() },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task What_anybody_else_may_have_put_there_stays(string because, GuestState found, ForgetGuest order)
    {
        await using var world = await World.With();
        world.Hypervisor.Change(Some.Guest, _ => found);
        await world.Order(order);
        await world.Order(new ReportGuest { MigrationId = Some.Migration, GuestUuid = Some.Guest, Question = 1 });
        await world.Hears<GuestReported>();
        Assert.False(world.Hypervisor.Asked.Contains("forget"), because);
    }
}
