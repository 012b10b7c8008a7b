using System.Text;
using MassTransit;
using MassTransit.SagaStateMachine;

namespace Drover.Coordinator.Tests;

/// <summary>
/// A state machine's own transitions as edges and as a Mermaid diagram. MassTransit's GetGraph() shares one vertex per event among all states, so that a path
/// through it may begin in one state and end where another state's handler leads; this walks the machine state by state instead.
/// </summary>
public static class Diagram
{
    public static IReadOnlyList<(string From, string Event, string To)> Edges<TSaga>(MassTransitStateMachine<TSaga> machine)
        where TSaga : class, SagaStateMachineInstance
    {
        var walk = new Walk<TSaga>();
        machine.Accept(walk);
        return [.. walk.Edges.Distinct()];
    }

    public static string Mermaid<TSaga>(MassTransitStateMachine<TSaga> machine)
        where TSaga : class, SagaStateMachineInstance
    {
        var text = new StringBuilder("stateDiagram-v2\n");
        var order = machine.States.Select((state, n) => (state.Name, n)).ToDictionary(pair => pair.Name, pair => pair.n);
        foreach (var group in Edges(machine).Where(edge => edge.From != edge.To).GroupBy(edge => (edge.From, edge.To)).OrderBy(group => order[group.Key.From]).ThenBy(group => order[group.Key.To]))
            text.Append("    ").Append(Name(group.Key.From)).Append(" --> ").Append(Name(group.Key.To)).Append(": ").AppendJoin(", ", group.Select(edge => edge.Event).Order(StringComparer.Ordinal)).Append('\n');
        return text.ToString();

        static string Name(string state) => state is "Initial" or "Final" ? "[*]" : state;
    }

    private sealed class Walk<TSaga> : StateMachineVisitor
        where TSaga : class, SagaStateMachineInstance
    {
        private string state = "";
        private string message = "";

        public List<(string From, string Event, string To)> Edges { get; } = [];

        public void Visit(State visited, Action<State> next)
        {
            state = visited.Name;
            next(visited);
        }

        public void Visit(Event visited, Action<Event> next)
        {
            message = visited.Name;
            next(visited);
        }

        public void Visit<TMessage>(Event<TMessage> visited, Action<Event<TMessage>> next)
            where TMessage : class
        {
            message = visited.Name;
            next(visited);
        }

        public void Visit(IStateMachineActivity activity)
        {
            if (activity is TransitionActivity<TSaga> transition)
                Edges.Add((state, message, transition.ToState.Name));
        }

        public void Visit(IStateMachineActivity activity, Action<IStateMachineActivity> next)
        {
            Visit(activity);
            next(activity);
        }

        public void Visit<T>(IBehavior<T> behavior)
            where T : class, SagaStateMachineInstance
        {
        }

        public void Visit<T>(IBehavior<T> behavior, Action<IBehavior<T>> next)
            where T : class, SagaStateMachineInstance => next(behavior);

        public void Visit<T, TMessage>(IBehavior<T, TMessage> behavior)
            where T : class, SagaStateMachineInstance
            where TMessage : class
        {
        }

        public void Visit<T, TMessage>(IBehavior<T, TMessage> behavior, Action<IBehavior<T, TMessage>> next)
            where T : class, SagaStateMachineInstance
            where TMessage : class => next(behavior);
    }
}
