using Drover.Api;
using Drover.Bus;
using Drover.Health;
using Drover.Settings;
using Drover.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Drover.Roles;

/// <summary><c>drover api</c>.</summary>
internal static class ApiRole
{
    public static Task<int> Run(FileInfo? settings) => Role.Run("api", settings, (configuration, prepare) =>
    {
        var api = configuration.Section<ApiOptions>("Api");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        prepare(builder);
        builder.Services.AddDatabaseReadiness();
        builder.Services.AddDroverApi(api, configuration.Section<StoreOptions>("Store"), configuration.Section<BusOptions>("Bus"));
        builder.WebHost.UseKestrel().UseUrls(api.Listen);
        return builder.Build().MapDroverApi();
    }, needsSchema: true);
}
