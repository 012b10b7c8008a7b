namespace Drover.Health;

/// <summary>When a loop last began to turn, by a clock that nobody sets.</summary>
internal sealed class Turn(TimeProvider time)
{
    private long _began = time.GetTimestamp();

    public TimeSpan Since => time.GetElapsedTime(Interlocked.Read(ref _began));

    public void Begin() => Interlocked.Exchange(ref _began, time.GetTimestamp());
}
