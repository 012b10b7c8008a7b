using Drover.Store.Migrations;

namespace Drover.Coordinator;

/// <summary>Sentences that more than one place answers with.</summary>
internal static class Rejections
{
    public static string IdReused(Guid migrationId) =>
        $"Migration id {migrationId} belongs to a request with other content: send the same content again, or use a new id.";

    public static string AlreadyEnded(MigrationSaga saga) =>
        $"Migration {saga.CorrelationId} has ended ({saga.CurrentState}): there is nothing left to cancel.";

    public static string UnknownMigration(Guid migrationId) => $"No migration {migrationId} is known: give the id of one that was requested.";

    public static string UnknownHost(string host) => $"No host \"{host}\" has ever reported: name one that \"drover hosts\" lists.";
}
