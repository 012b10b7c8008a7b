using System.Data.Common;

namespace Drover.Store.Schema;

/// <summary>Whether the database can be worked on now.</summary>
public static class SchemaReadiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Why not, in a sentence, after three seconds at most; null when it answers and has this program's schema.</summary>
    public static async Task<string?> WhyNotReady(this DroverDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await db.RequireSchema(patience.Token);
            return null;
        }
        catch (SchemaOutdatedException outdated)
        {
            return outdated.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"The database did not answer in {Patience.TotalSeconds:0} s.";
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return $"The database is away: {Innermost(exception).Message}.";
        }
    }

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner and not DbException ? Innermost(inner) : exception;
}
