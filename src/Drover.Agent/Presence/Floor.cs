using Microsoft.Extensions.Options;

namespace Drover.Agent.Presence;

/// <summary>
/// The host's epoch floor: below it nothing is begun. Only a host that could not report can have been confirmed down meanwhile; so whoever has just started,
/// or could not report for two reports' time, does not know its floor any more, asks for it with its next report, and begins nothing before it is told.
/// </summary>
internal sealed class Floor(TimeProvider time, IOptions<AgentOptions> options)
{
    private readonly Lock _lock = new();
    private long? _floor;
    private long _reportedAt;

    /// <summary>The floor; null while it is not known.</summary>
    public long? Known
    {
        get
        {
            lock (_lock)
            {
                // Counted from a report that was told: a process that was stopped for a minute finds that out here.
                if (_floor is not null && time.GetElapsedTime(_reportedAt) > options.Value.ReportEvery * 2)
                    _floor = null;
                return _floor;
            }
        }
    }

    /// <summary>A report was told.</summary>
    public void Reported()
    {
        lock (_lock)
            _reportedAt = time.GetTimestamp();
    }

    /// <summary>The coordinator has answered.</summary>
    public void Learn(long floor)
    {
        lock (_lock)
            _floor = Math.Max(floor, _floor ?? 0);
    }
}
