namespace Drover;

/// <summary>How the program ends, for scripts and service managers.</summary>
internal static class Exit
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The migration failed or was cancelled; a role failed.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or settings: trying again changes nothing.</summary>
    public const int Usage = 2;

    /// <summary>No connection to the API, the database or the broker.</summary>
    public const int NoConnection = 3;

    /// <summary>There is no such thing.</summary>
    public const int NotFound = 4;

    /// <summary>The command was refused.</summary>
    public const int Refused = 5;

    /// <summary>Ended by Ctrl-C, as shells write it: 128 and the signal's number.</summary>
    public const int Interrupted = 130;
}
