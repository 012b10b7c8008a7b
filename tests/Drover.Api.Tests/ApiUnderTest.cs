using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Drover.Bus;
using Drover.Store;
using Drover.Store.Outbox;
using Drover.Store.Schema;
using Drover.Testing;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Drover.Api.Tests;

/// <summary>The API on a free port of loopback, with a database file and an in-memory bus of its own. What reaches the bus as a command is kept.</summary>
public sealed class ApiUnderTest : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("drover-api-").FullName;
    private readonly WebApplication app;

    public ApiUnderTest()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddLogging();
        builder.Services.AddDroverApi(new ApiOptions());
        builder.Services.AddDroverStore(new StoreOptions { Database = Database.Sqlite, ConnectionString = $"Data Source={DatabaseFile}" });
        builder.Services.AddSingleton(Commands);
        builder.Services.AddMassTransit(registration =>
        {
            registration.AddEntityFrameworkOutbox<DroverDbContext>(outbox => outbox.UseBusOutbox());
            registration.AddConsumer<Keep>();
            registration.UsingDrover(new BusOptions { Transport = BusTransport.InMemory }, (context, endpoints) =>
            {
                endpoints.Commands("migrate-guest", e => e.ConfigureConsumer<Keep>(context));
                endpoints.Commands("cancel-migration", e => e.ConfigureConsumer<Keep>(context));
                endpoints.Commands("resolve-migration", e => e.ConfigureConsumer<Keep>(context));
                endpoints.Commands("confirm-host-down", e => e.ConfigureConsumer<Keep>(context));
            });
        });
        app = builder.Build();
        app.Use((context, next) =>
        {
            Asked.Enqueue(context.Request.Path);
            return next(context);
        });
        app.MapDroverApi();
    }

    public ConcurrentQueue<CommandBytes> Commands { get; } = new();

    /// <summary>Every path that was asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public string DatabaseFile => Path.Combine(folder, "drover.db");

    public string Server => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public HttpClient Http { get; } = new();

    public IServiceProvider Services => app.Services;

    public async ValueTask InitializeAsync()
    {
        await Store(db => db.ApplySchema(CancellationToken.None));
        await app.StartAsync();
        Http.BaseAddress = new Uri(Server);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Works on the database directly, as the coordinator would.</summary>
    public async Task Store(Func<DroverDbContext, Task> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DroverDbContext>();
        await work(db);
        await db.SaveChangesAsync();
    }

    public Task Add(params object[] rows) => Store(db =>
    {
        db.AddRange(rows);
        return Task.CompletedTask;
    });

    public Task Sql(string sql) => Store(db => db.Database.ExecuteSqlRawAsync(sql));

    public async Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Response)> Send(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        return await Send(request);
    }

    public async Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Response)> Send(HttpRequestMessage request)
    {
        var response = await Http.SendAsync(request);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsByteArrayAsync()), response);
    }

    public Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Response)> Get(string path) => Send(HttpMethod.Get, path);

    public Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Response)> Post(string path, string json) =>
        Send(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>The one command that reached the bus.</summary>
    public async Task<(string RoutingKey, JsonElement Body)> OneCommand()
    {
        await Eventually.True(() => !Commands.IsEmpty);
        var command = Assert.Single(Commands);
        return (command.RoutingKey, JsonElement.Parse(command.Body));
    }

    private sealed class Keep(ConcurrentQueue<CommandBytes> commands) : IConsumer<CommandBytes>
    {
        public Task Consume(ConsumeContext<CommandBytes> context)
        {
            commands.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }
}
