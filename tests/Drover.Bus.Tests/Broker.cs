namespace Drover.Bus.Tests;

public sealed class Broker
{
    public Uri Url { get; } = new(Environment.GetEnvironmentVariable("X_AMQP") ?? "amqp://guest:guest@127.0.0.1:25719/");
    public string UrlForAmqpTools => Url.AbsoluteUri + "%2f";
    public BusOptions Options => new() { Url = Url, StartTimeout = TimeSpan.FromSeconds(30) };
}
