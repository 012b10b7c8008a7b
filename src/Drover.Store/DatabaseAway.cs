using System.Data.Common;
using System.Net.Sockets;

namespace Drover.Store;

/// <summary>Tells a database that is not there now from a statement that will never do.</summary>
public static class DatabaseAway
{
    /// <summary>True when trying again later, unchanged, is right: the server is away, restarting, or not answering in time.</summary>
    public static bool Is(Exception? error) => error switch
    {
        null => false,
        DbException { IsTransient: true } or SocketException or TimeoutException => true,
        AggregateException all => all.InnerExceptions.Any(Is),
        _ => Is(error.InnerException),
    };
}
