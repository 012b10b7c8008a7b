using System.Text;
using MassTransit;
using MassTransit.SagaStateMachine;

namespace Drover.Coordinator.Tests;

/// <summary>A state machine's own graph as edges and as a Mermaid diagram.</summary>
public static class Diagram
{
    public static IReadOnlyList<(string From, string Event, string To)> Edges<TSaga>(MassTransitStateMachine<TSaga> machine)
        where TSaga : class, SagaStateMachineInstance
    {
        // The graph leads from a state to an event to a state; an event that changes nothing has no way on.
        var graph = machine.GetGraph();
        var edges =
            from enter in graph.Edges
            where enter.To.VertexType == typeof(Event) || enter.To.VertexType.IsAssignableTo(typeof(Event))
            from leave in graph.Edges
            where leave.From == enter.To && (leave.To.VertexType == typeof(State) || leave.To.VertexType.IsAssignableTo(typeof(State)))
            select (enter.From.Title, enter.To.Title, leave.To.Title);
        return [.. edges.Distinct()];
    }

    public static string Mermaid<TSaga>(MassTransitStateMachine<TSaga> machine)
        where TSaga : class, SagaStateMachineInstance
    {
        var text = new StringBuilder("stateDiagram-v2\n");
        foreach (var group in Edges(machine).Where(edge => edge.From != edge.To).GroupBy(edge => (edge.From, edge.To)).OrderBy(group => group.Key.From, StringComparer.Ordinal).ThenBy(group => group.Key.To, StringComparer.Ordinal))
            text.Append("    ").Append(Name(group.Key.From)).Append(" --> ").Append(Name(group.Key.To)).Append(": ").AppendJoin(", ", group.Select(edge => edge.Event).Order(StringComparer.Ordinal)).Append('\n');
        return text.ToString();

        static string Name(string state) => state is "Initial" or "Final" ? "[*]" : state;
    }
}
