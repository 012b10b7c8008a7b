using Drover.Api.Commands;
using Drover.Api.Health;
using Drover.Api.Hosts;
using Drover.Api.Migrations;
using Drover.Api.Problems;
using Drover.Api.Queues;
using Drover.Bus;
using Drover.Contracts;
using Drover.Store;
using Drover.Store.Outbox;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Drover.Api;

/// <summary>Puts the HTTP API into a program.</summary>
public static class ApiRegistration
{
    /// <summary>Longest time that one request may take; a database command alone is given up after 15 s.</summary>
    private static readonly TimeSpan _requestTime = TimeSpan.FromSeconds(30);

    /// <summary>Open connections at once: operators, scripts and dashboards of a few thousand hosts, with room.</summary>
    private const int MaxConnections = 2000;

    /// <summary>
    /// Above this the connection is closed at once. Between it and what a command may have, the rest is thrown away as it comes, so that the sender lives to
    /// read its refusal.
    /// </summary>
    private const long MaxRequestBytes = 16 << 20;

    /// <summary>The API with its store and its bus, in a process of its own.</summary>
    public static IServiceCollection AddDroverApi(this IServiceCollection services, ApiOptions api, StoreOptions store, BusOptions bus)
    {
        services.AddDroverApi(api).AddDroverStore(store).AddMassTransit(registration =>
        {
            registration.AddEntityFrameworkOutbox<DroverDbContext>(outbox =>
            {
                outbox.UseBusOutbox();
                // A command that no queue takes yet waits for the first coordinator; and who parks a coordinator's order must tell its saga, which only a coordinator can.
                outbox.IsUndeliverable = _ => false;
                outbox.DisableInboxCleanupService();
            });
            registration.UsingDrover(bus, (_, endpoints) => endpoints.Watch());
        });
        services.AddSingleton(new BrokerQueues(bus));
        // Without a broker the API still shows everything and still accepts: the outbox keeps what is accepted.
        services.PostConfigure<MassTransitHostOptions>(host => host.WaitUntilStarted = false);
        return services;
    }

    /// <summary>The API alone, for a process that has <see cref="DroverDbContext"/> and the bus with its outbox already.</summary>
    public static IServiceCollection AddDroverApi(this IServiceCollection services, ApiOptions api)
    {
        ArgumentNullException.ThrowIfNull(api);
        services.AddSingleton(api);
        services.AddScoped<CommandIntake>();
        services.AddScoped<ActOnQueue>();
        services.AddRouting();
        services.ConfigureHttpJsonOptions(json => ContractsJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context =>
        {
            context.ProblemDetails.Detail ??= context.ProblemDetails.Title;
            context.ProblemDetails.Extensions.TryAdd("code", Problem.CodeOf(context.ProblemDetails.Status ?? 500));
        });
        services.AddExceptionHandler<ErrorAnswers>();
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = _requestTime });
        // A name that another site made point here is not this API's name (DNS rebinding).
        services.Configure<HostFilteringOptions>(hosts =>
        {
            hosts.AllowedHosts = api.IsLoopback ? ["localhost", "127.0.0.1", "[::1]"] : ["*"];
            hosts.IncludeFailureMessage = false;   // it would be a page of HTML
        });
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
        });
        return services;
    }

    /// <summary>The API's routes, and what stands before them.</summary>
    public static WebApplication MapDroverApi(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = app.Services.GetRequiredService<ApiOptions>();
        if (!options.IsLoopback)
            Log.OpenToEveryone(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiRegistration)), options.Listen);

        app.UseStatusCodePages();
        app.UseExceptionHandler();
        app.UseHostFiltering();
        app.Use(SameOrigin.Require);
        app.UseRouting();
        app.UseRequestTimeouts();

        app.MapGet("/health/live", Health.Health.Live);
        app.MapGet("/health/ready", Health.Health.Ready);
        var v1 = app.MapGroup("/v1");
        v1.MapPost("/migrations", CreateMigration.Handle);
        v1.MapGet("/migrations", ListMigrations.Handle);
        v1.MapGet("/migrations/{id}", ShowMigration.Handle);
        v1.MapPost("/migrations/{id}/cancel", CancelOne.Handle);
        v1.MapPost("/migrations/{id}/resolve", ResolveOne.Handle);
        v1.MapGet("/foreign-migrations", ListForeign.Handle);
        v1.MapPost("/hosts/{host}/confirm-down", ConfirmDown.Handle);
        v1.MapGet("/hosts", ShowHosts.All);
        v1.MapGet("/hosts/{host}", ShowHosts.One);
        v1.MapGet("/queues", ShowQueues.All);
        v1.MapGet("/queues/{queue}", ShowQueues.One);
        v1.MapPost("/queues/{queue}/retry", ActOnQueue.Retry);
        v1.MapPost("/queues/{queue}/drop", ActOnQueue.Drop);
        return app;
    }
}
