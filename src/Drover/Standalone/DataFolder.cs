namespace Drover.Standalone;

/// <summary>
/// The folder that keeps everything of one standalone program: <c>drover.db</c>, <c>world.json</c> and the lock. The lock is the kernel's and goes with the
/// process, however that ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream held;

    private DataFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>The database's file.</summary>
    public string Database => System.IO.Path.Combine(Path, "drover.db");

    /// <summary>The simulated hosts' file.</summary>
    public string World => System.IO.Path.Combine(Path, "world.json");

    private string Holder => HolderIn(Path);

    /// <summary>Takes the folder for this process; makes it where it is not there.</summary>
    /// <exception cref="ExitException">Another process has it, or it cannot be written.</exception>
    public static DataFolder Take(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var folder = new DataFolder(path, Lock(path));
            folder.Note($"process {Environment.ProcessId} since {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss}Z");
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ExitException(Exit.Usage, $"The data folder \"{path}\" cannot be used: {error.Message}");
        }
    }

    /// <summary>Says for others who holds the folder.</summary>
    public void Note(string who) => File.WriteAllText(Holder, who);

    /// <summary>Lets the folder go.</summary>
    public void Dispose()
    {
        File.Delete(Holder);
        held.Dispose();
    }

    private static FileStream Lock(string path)
    {
        var file = System.IO.Path.Combine(path, "drover.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new ExitException(Exit.Usage, $"The data folder \"{path}\" is in use{WhoHolds(path)}: stop that one first, or take another folder with --data.");
        }
    }

    private static string WhoHolds(string path)
    {
        try
        {
            return " by " + File.ReadAllText(HolderIn(path));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string HolderIn(string path) => System.IO.Path.Combine(path, "drover.holder");
}
