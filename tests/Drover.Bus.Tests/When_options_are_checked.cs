namespace Drover.Bus.Tests;

public class When_options_are_checked
{
    private static readonly Uri _url = new("amqp://drover@localhost/");

    [Fact]
    public void The_defaults_are_valid_with_a_broker_and_in_memory_without()
    {
        Assert.Empty(Failures(new BusOptions { Url = _url }));
        Assert.Empty(Failures(new BusOptions { Transport = BusTransport.InMemory }));
    }

    [Fact]
    public void Each_fault_is_named()
    {
        Assert.Contains("Bus:Url is required", Failures(new BusOptions()), StringComparison.Ordinal);
        Assert.Contains("amqp://", Failures(new BusOptions { Url = new Uri("http://localhost/") }), StringComparison.Ordinal);
        Assert.Contains("does not exist", Failures(new BusOptions { Url = _url, PasswordFile = "/no/such/file" }), StringComparison.Ordinal);
        Assert.Contains(nameof(BusOptions.OrderTimeToLive), Failures(new BusOptions { Url = _url, OrderTimeToLive = TimeSpan.Zero }), StringComparison.Ordinal);
        Assert.Contains(nameof(BusOptions.StopTimeout), Failures(new BusOptions { Url = _url, StopTimeout = TimeSpan.FromHours(1) }), StringComparison.Ordinal);
    }

    private static string Failures(BusOptions options) => string.Join('\n', new BusOptionsValidator().Validate(null, options).Failures ?? []);
}
