using Drover.Store;
using Drover.Store.Schema;
using Microsoft.Extensions.Hosting;

namespace Drover.Scheduling;

/// <summary>Stops the start with a sentence where Quartz would stop it with a page: its tables are not there.</summary>
internal sealed class RequiredTables(StoreOptions options) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await SchedulerSchema.IsApplied(options, cancellationToken))
            throw new SchemaOutdatedException([SchedulerSchema.Name]);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
