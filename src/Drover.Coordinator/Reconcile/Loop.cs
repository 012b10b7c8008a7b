using Drover.Bus;
using Drover.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Coordinator.Reconcile;

/// <summary>Looks again and again, each time in a scope of its own, and never dies of one look that failed: the next one repairs it.</summary>
internal abstract class Loop(IServiceScopeFactory scopes, TimeProvider time, IOptions<CoordinatorOptions> options, ILogger log)
    : BackgroundService, ITurning
{
    private long turnedAt = time.GetTimestamp();

    /// <inheritdoc />
    public TimeSpan SinceTurn => time.GetElapsedTime(Interlocked.Read(ref turnedAt));

    /// <summary>A database that does not answer costs a connection's and a command's time-out, 25 s; and as long again.</summary>
    public TimeSpan TurnsWithin => options.Value.LookEvery + TimeSpan.FromSeconds(60);

    protected TimeProvider Time => time;

    protected CoordinatorOptions Options => options.Value;

    /// <summary>One look. Messages sent through the scope's providers leave with the scope's commit.</summary>
    internal abstract Task Look(DroverDbContext db, IServiceProvider scope, CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LookEvery, time);
        while (await WaitForTick(timer, stoppingToken))
        {
            Interlocked.Exchange(ref turnedAt, time.GetTimestamp());
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await Look(scope.ServiceProvider.GetRequiredService<DroverDbContext>(), scope.ServiceProvider, stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.LoopFailed(log, GetType().Name, options.Value.LookEvery, error.Message);
            }
        }
    }

    private static async Task<bool> WaitForTick(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
