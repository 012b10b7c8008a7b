using Microsoft.Extensions.Options;

namespace Drover.Agent.Presence;

/// <summary>
/// The host's epoch floor: below it nothing is begun. Only a host that could not report can have been confirmed down meanwhile; so whoever has just started, or
/// may have been missed by the coordinator between two reports, does not know its floor any more, asks for it with its next report, and begins nothing before
/// it is told.
/// </summary>
internal sealed class Floor(TimeProvider time, IOptions<AgentOptions> options)
{
    private readonly Lock _lock = new();
    private long? _floor;
    private TimeSpan _goodFor = options.Value.ReportEvery * 2;
    private long _answers;          // the report that the floor answers
    private long _askAgainFrom;     // an answer to an earlier report is of a time before the host may have been missed
    private long _begunAt;

    /// <summary>The floor; null while it is not known.</summary>
    public long? Known
    {
        get
        {
            lock (_lock)
                return MayHaveBeenMissed ? null : _floor;
        }
    }

    // Counted from the moment before the last report was sent: the coordinator cannot have had it earlier.
    private bool MayHaveBeenMissed => time.GetElapsedTime(_begunAt) > _goodFor;

    /// <summary>A report was told.</summary>
    /// <param name="report">Its number.</param>
    /// <param name="begunAt">The timestamp before it was sent. A process may be stopped for a minute between that and now.</param>
    public void Reported(long report, long begunAt)
    {
        lock (_lock)
        {
            if (MayHaveBeenMissed)
            {
                _askAgainFrom = report;
                if (_answers < report)
                    _floor = null;
            }

            _begunAt = begunAt;
        }
    }

    /// <summary>The coordinator has answered.</summary>
    /// <param name="floor">The floor.</param>
    /// <param name="report">The report that asked; null from a coordinator that does not tell.</param>
    /// <param name="goodFor">How long the coordinator waits for the next report before it takes the host to be silent; null from one that does not tell.</param>
    public void Learn(long floor, long? report, TimeSpan? goodFor)
    {
        lock (_lock)
        {
            if (report < _askAgainFrom)
                return;
            (_floor, _answers) = (Math.Max(floor, _floor ?? 0), report ?? _askAgainFrom);
            if (goodFor < _goodFor)
                _goodFor = goodFor.Value;
        }
    }
}
