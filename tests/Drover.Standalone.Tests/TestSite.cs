using Drover.Hypervisors.Simulated;
using Drover.Policy.Model;
using Drover.Sites;
using Drover.Store;
using Drover.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Drover.Standalone.Tests;

/// <summary>A site's file and data folder of a test's own, and what lies in them when the program does not run.</summary>
internal sealed class TestSite : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("drover-standalone-test-").FullName;

    private ServiceProvider? services;

    public TestSite(string yaml) => Write(yaml);

    public string Config => Path.Combine(folder, "drover.yaml");

    public string Data => Path.Combine(folder, "data");

    public Site Site => SiteFile.Read(new FileInfo(Config));

    public void Write(string yaml) => File.WriteAllText(Config, yaml);

    public Task<StandaloneProcess> Start() => StandaloneProcess.Start(Config, Data);

    /// <summary>Reads the database.</summary>
    public async Task<T> Read<T>(Func<DroverDbContext, Task<T>> read)
    {
        services ??= new ServiceCollection()
            .AddDroverStore(new StoreOptions { Database = Store.Database.Sqlite, ConnectionString = $"Data Source={Data}/drover.db;Pooling=False" }).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<DroverDbContext>());
    }

    /// <summary>Waits until the database says so.</summary>
    public Task Until(Func<DroverDbContext, Task<bool>> condition) => Eventually.Is(true, () => Read(condition), patience: StandaloneProcess.Patience);

    /// <summary>Where each guest runs in the simulated world. Each runs once.</summary>
    public async Task<Dictionary<string, string>> Running()
    {
        await using var world = SimulatedWorld.Open(SiteHosts.World(Site)!, Path.Combine(Data, "world.json"), TimeProvider.System);
        var guests = world.Look().Hosts.SelectMany(host => host.Guests.Where(guest => guest.State.Power != GuestPower.ShutOff).Select(guest => (guest.Name, Host: host.Name, guest.RunningVcpus))).ToList();
        Assert.All(guests, guest => Assert.True(guest.RunningVcpus > 0, $"{guest.Name} on {guest.Host} does not run"));
        Assert.Equal(guests.Select(guest => guest.Name).Distinct().Count(), guests.Count);
        return guests.ToDictionary(guest => guest.Name, guest => guest.Host);
    }

    public void Dispose()
    {
        services?.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
