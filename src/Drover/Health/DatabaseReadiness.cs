using Drover.Bus;
using Drover.Store;
using Drover.Store.Schema;
using Microsoft.Extensions.DependencyInjection;

namespace Drover.Health;

/// <summary>Whether the database answers, and has this program's schema.</summary>
internal sealed class DatabaseReadiness(IServiceScopeFactory scopes) : IReadiness
{
    public async Task<string?> WhyNot(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DroverDbContext>().WhyNotReady(cancellationToken);
    }
}
