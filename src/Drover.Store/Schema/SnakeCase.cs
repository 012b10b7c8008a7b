using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Schema;

/// <summary>Column names as database people type them: <c>requested_at</c>, never <c>"RequestedAt"</c>.</summary>
internal static class SnakeCase
{
    public static void Apply(ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.GetColumnName()));
    }
}
