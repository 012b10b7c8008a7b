using Drover.Bus;
using Drover.Logging;
using Drover.Settings;
using Drover.Store;

namespace Drover.Tests.Settings;

public sealed class When_settings_are_read : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Each_section_is_its_own_options()
    {
        var settings = Read("""{"Store":{"Database":"Sqlite","ConnectionString":"Data Source=x.db"},"Bus":{"Transport":"InMemory"},"Log":{"Level":"Debug","Levels":{"MassTransit":"Error"}}}""");
        Assert.Equal(Database.Sqlite, settings.Section<StoreOptions>("Store").Database);
        Assert.Equal(BusTransport.InMemory, settings.Section<BusOptions>("Bus").Transport);
        Assert.Equal(Serilog.Events.LogEventLevel.Error, settings.Section<LogOptions>("Log").Levels["MassTransit"]);
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("""{"Sotre":{}}""", "Sotre")]
    [InlineData("""{"Store":{"ConectionString":"x"}}""", "Store:ConectionString is no setting")]
    [InlineData("""{"Store":{"Database":"Sqlite"}}""", "Store:ConnectionString is missing")]
    [InlineData("""{"Store":{"ConnectionString":"x","Database":"Oracle"}}""", "Store:Database")]
    [InlineData("""{"Store":{"ConnectionString":"x","PasswordFile":"/nonexistent"}}""", "Store:PasswordFile")]
    [InlineData("""{"Store":{"ConnectionString":"x"},"Bus":{"Url":"amqp://b","OrderTimeToLive":"2.00:00:00"}}""", "OrderTimeToLive")]
    [InlineData("""{"Store":{"ConnectionString":"x"},"Bus":{"Url":"http://b"}}""", "Bus:Url")]
    [InlineData("""{"Store":{"ConnectionString":"x"},"Bus":{"Url":"amqp://b"},"Log":{"Elasticsearch":{"Url":"ftp://x"}}}""", "Log:Elasticsearch:Url")]
    [InlineData("""{"Store":{"ConnectionString":"x"},"Bus":{"Url":"amqp://b"},"Log":{"Elasticsearch":{"Urls":"http://x"}}}""", "Log:Elasticsearch:Urls")]
    public void What_is_wrong_stops_the_start_with_one_sentence_that_names_it(string json, string named)
    {
        var error = Assert.Throws<ExitException>(() =>
        {
            var settings = Read(json);
            settings.Section<StoreOptions>("Store");
            settings.Section<BusOptions>("Bus");
            settings.Section<LogOptions>("Log");
        });
        Assert.Equal(2, error.Code);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private Microsoft.Extensions.Configuration.IConfigurationRoot Read(string json)
    {
        File.WriteAllText(file, json);
        return SettingsFile.Read(new FileInfo(file));
    }
}
