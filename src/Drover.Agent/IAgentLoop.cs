namespace Drover.Agent;

/// <summary>Something that an agent does all the time. It begins on the caller's thread, and ends, cancelled, when the agent stops.</summary>
internal interface IAgentLoop
{
    /// <summary>Runs until stopped.</summary>
    Task Run(CancellationToken stopping);
}
