namespace Drover.Simulation.Roles;

/// <summary>A coordinator's place: the program that runs there now, if one does.</summary>
internal sealed class CoordinatorRun(string name)
{
    public string Name => name;

    /// <summary>Null while it is killed.</summary>
    public SimulatedCoordinator? Program { get; set; }

    /// <summary>It is stopped (SIGSTOP) in the middle of a letter: it is there, and does nothing.</summary>
    public bool Stopped { get; set; }

    public bool Works => Program is not null && !Stopped;
}
