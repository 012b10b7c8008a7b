using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Coordinator.Migrations;

namespace Drover.Coordinator.Tests;

public class When_answers_come_late
{
    [Fact]
    public async Task An_answer_to_a_question_that_was_asked_again_meanwhile_still_counts()
    {
        await using var coordination = await Coordination.Start(["host-a", "host-b"]);
        var web = Guest.Named("web");
        await coordination.Report("host-a", web);
        await coordination.Report("host-b");
        var (source, destination) = (coordination.Agents["host-a"], coordination.Agents["host-b"]);
        source.OnBegin = order => [AgentDouble.Began(order)];
        source.OnReport = destination.OnReport = _ => null;
        var id = Guid.CreateVersion7();
        await coordination.Migrate(id, web, "host-b");
        await coordination.UntilState(id, "PreCopying");

        await coordination.SendTo(Queues.Migrations, new CheckOn { MigrationId = id });
        await coordination.Until(_ => Task.FromResult(Questions(source).Count == 1 && Questions(destination).Count == 1));
        await coordination.SendTo(Queues.Migrations, new CheckOn { MigrationId = id });
        await coordination.Until(_ => Task.FromResult(Questions(source).Count == 2 && Questions(destination).Count == 2));
        Assert.Single(Questions(source).Concat(Questions(destination)).Distinct());

        // Now the answers to the first asking arrive.
        await Answer(source, AgentDouble.Absent);
        await Answer(destination, AgentDouble.Running(id));
        await coordination.UntilState(id, "Completed");

        Task Answer(AgentDouble agent, GuestSighting sighting) => coordination.SendTo(
            Queues.Migrations, new GuestReported { MigrationId = id, Question = Questions(agent)[0], Host = agent.Host, Sighting = sighting });
    }

    private static List<int> Questions(AgentDouble agent) => [.. agent.Orders.OfType<ReportGuest>().Select(order => order.Question)];
}
