namespace Drover.Simulation;

/// <summary>What goes wrong more often than usual in a seed: a share of the seeds each, so that rare things happen together often enough to be seen.</summary>
internal enum Profile
{
    /// <summary>A little of everything.</summary>
    Ordinary,

    /// <summary>Users take hold of the very guests that Drover has just given orders about.</summary>
    Hands,

    /// <summary>The database is restored to just before an order was given.</summary>
    OldBackup,

    /// <summary>Many letters are late, and many come twice.</summary>
    LateMail,

    /// <summary>Two coordinators, of which now and then one is stopped in the middle of a letter and goes on long after.</summary>
    TwoCoordinators,

    /// <summary>The broker is away for an hour.</summary>
    BrokerAway,
}

/// <summary>Which seeds have which profile.</summary>
internal static class Profiles
{
    /// <summary>The profile that a seed has by its number. An hour without a broker takes longest: few have it.</summary>
    public static Profile Of(int seed) => (seed % 100, seed % 10) switch
    {
        (50, _) => Profile.BrokerAway,
        (_, 0) => Profile.Hands,
        (_, 6) => Profile.TwoCoordinators,
        ( < 50, 9) => Profile.OldBackup,
        (_, 9) => Profile.LateMail,
        _ => Profile.Ordinary,
    };
}
