namespace Drover.Coordinator.Admission;

/// <summary>The two lanes that every migration needs.</summary>
public static class LaneNames
{
    /// <summary>The lane of migrations that leave a host.</summary>
    public static string Out(string host) => $"out:{host}";

    /// <summary>The lane of migrations that come to a host.</summary>
    public static string In(string host) => $"in:{host}";
}
