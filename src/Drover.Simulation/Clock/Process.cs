namespace Drover.Simulation.Clock;

/// <summary>
/// One run of a program, from its start to its kill. Its code goes on only while it lives: after a kill no continuation runs, no timer fires, and nothing that
/// it was about to do happens, exactly as after SIGKILL.
/// </summary>
internal sealed class Process(string name, OneThread thread, Agenda agenda) : SynchronizationContext
{
    public string Name => name;

    public bool Alive { get; private set; } = true;

    /// <summary>The clock as this process has it.</summary>
    public TimeProvider Time => new ProcessClock(this, agenda);

    public void Kill() => Alive = false;

    public override void Post(SendOrPostCallback d, object? state) => thread.Post(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs something as this process.</summary>
    public void Run(Action what)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            what();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
