namespace Drover.Testing;

/// <summary>
/// A libvirtd of the test's own: a user's daemon (libvirt's "session" mode) with folders and socket in a temporary folder, so that it needs no rights and
/// meets no other. It knows no guests.
/// </summary>
public sealed class PrivateLibvirt : IAsyncDisposable
{
    private const string User = "postgres";     // any user but root, for root's is the machine's own libvirt
    private ServerProcess? server;
    private string folder = "";

    /// <summary>How a client on this machine reaches it.</summary>
    public string Uri => $"qemu+unix:///session?socket={Socket}";

    private string Socket => Path.Combine(folder, "libvirt", "libvirt-sock");

    /// <summary>Starts it, for the first time or again, and returns when it can be connected to.</summary>
    public async Task Start()
    {
        if (server is not null)
            return;
        var program = ServerProcess.Require("/usr/sbin/libvirtd", "libvirt-daemon");
        if (folder.Length == 0)
            folder = await ServerProcess.Folder(User);
        if (File.Exists(Socket))
            File.Delete(Socket);
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = folder,
            ["XDG_RUNTIME_DIR"] = folder,
            ["XDG_CONFIG_HOME"] = Path.Combine(folder, "config"),
            ["XDG_CACHE_HOME"] = Path.Combine(folder, "cache"),
        };
        server = await ServerProcess.Start(User, [program], environment, readyLine: null);
        await Eventually.True(() => File.Exists(Socket));
    }

    /// <summary>Ends it as a service manager would.</summary>
    public async Task Stop()
    {
        if (server is not null)
            await server.DisposeAsync();
        server = null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Stop();
        if (folder.Length > 0)
            Directory.Delete(folder, recursive: true);
    }
}
