using System.Threading.Channels;

namespace Drover.Bus.Tests;

/// <summary>How long a test waits for what must come: long, because a busy machine is no fault.</summary>
public static class Patience
{
    public static async Task<T> Next<T>(this ChannelReader<T> channel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        return await channel.ReadAsync(patience.Token);
    }
}
