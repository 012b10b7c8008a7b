namespace Drover.Coordinator.Retention;

/// <summary>It is time to take what has ended long ago. Schedules itself: one of these waits for its time in the whole installation.</summary>
public sealed record TakeEnded;
