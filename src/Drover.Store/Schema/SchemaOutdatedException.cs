namespace Drover.Store.Schema;

/// <summary>The database's schema lacks steps that this program needs.</summary>
/// <param name="missing">Their names.</param>
public sealed class SchemaOutdatedException(IReadOnlyList<string> missing)
    : Exception($"The database's schema is older than this program: {string.Join(", ", missing)} missing. Run \"drover schema apply\" first.");
