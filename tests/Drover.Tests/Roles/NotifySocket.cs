using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Drover.Tests.Roles;

/// <summary>What systemd would hear of a service: a datagram socket of the test's own (sd_notify(3)).</summary>
internal sealed class NotifySocket : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("drover-notify-").FullName;
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly CancellationTokenSource over = new();
    private readonly Task listening;

    public NotifySocket()
    {
        socket.Bind(new UnixDomainSocketEndPoint(Path));
        listening = Listen();
    }

    public string Path => System.IO.Path.Combine(folder, "notify");

    /// <summary>Every line of every message, in order.</summary>
    public ConcurrentQueue<string> Said { get; } = [];

    /// <summary>The newest status line; empty before the first.</summary>
    public string Status => Said.LastOrDefault(line => line.StartsWith("STATUS=", StringComparison.Ordinal))?[7..] ?? "";

    public int Pings => Said.Count(line => line == "WATCHDOG=1");

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await listening;
        socket.Dispose();
        over.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task Listen()
    {
        var buffer = new byte[8192];
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer, over.Token);
                foreach (var line in Encoding.UTF8.GetString(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    Said.Enqueue(line);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
