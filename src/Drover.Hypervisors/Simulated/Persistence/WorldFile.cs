using System.Security.Cryptography;
using System.Text.Json;
using Drover.Hypervisors.Simulated.State;

namespace Drover.Hypervisors.Simulated.Persistence;

/// <summary>
/// The world's file. It is replaced as a whole, by a rename, so that it is the old state or the new one whenever the process is killed, and never grows. One
/// process has it at a time: a lock file beside it is held open, which the kernel lets go of however the process ends.
/// </summary>
internal sealed class WorldFile : IDisposable
{
    /// <summary>A file above this is not ours: a world of ten thousand guests has a tenth of it.</summary>
    private const long LongestFile = 64L << 20;

    private readonly string _path;
    private readonly string _planMark;
    private readonly FileStream _lock;
    private byte[]? _last;

    private WorldFile(string path, string planMark, FileStream held)
    {
        _path = path;
        _planMark = planMark;
        _lock = held;
    }

    /// <summary>Opens the file for this process alone; the state that it holds, or null when it is not there yet.</summary>
    internal static (WorldFile File, SiteState? State) Open(string path, SiteMap map)
    {
        var full = Path.GetFullPath(path);
        // How machines behave is no part of it: a newer version of this program may know that better, and the world goes on with it.
        var plan = JsonSerializer.SerializeToUtf8Bytes(new PlanDocument(map.Plan.Hosts, map.Plan.Links, map.Plan.Guests), WorldJson.Default.PlanDocument);
        var planMark = Convert.ToHexStringLower(SHA256.HashData(plan));
        var file = new WorldFile(full, planMark, Hold(full));
        try
        {
            return (file, file.Load(map));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Replaces the file, unless it would be the same. On the disk when it returns.</summary>
    internal void Save(SiteState state)
    {
        var document = new WorldDocument { Format = WorldDocument.PresentFormat, Plan = _planMark, State = state };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, WorldJson.Default.WorldDocument);
        if (_last is not null && bytes.AsSpan().SequenceEqual(_last))
            return;
        var unfinished = _path + ".new";
        using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, _path, overwrite: true);
        _last = bytes;
    }

    public void Dispose() => _lock.Dispose();

    private SiteState? Load(SiteMap map)
    {
        try
        {
            if (!File.Exists(_path))
                return null;
            if (new FileInfo(_path).Length > LongestFile)
                throw Damaged("it is longer than a world can be");
            var document = JsonSerializer.Deserialize(File.ReadAllBytes(_path), WorldJson.Default.WorldDocument) ?? throw Damaged("it holds nothing");
            if (document.Format != WorldDocument.PresentFormat)
            {
                throw new WorldFileException($"the world file {_path} is of format {document.Format}, and this version reads {WorldDocument.PresentFormat}; "
                    + "move it away to begin a new world");
            }
            if (document.Plan != _planMark)
            {
                throw new WorldFileException($"the world file {_path} belongs to another plan (its hosts, links or guests differ); "
                    + "give back that plan, or move the file away to begin a new world");
            }
            return StateCheck.Fault(document.State, map) is { } fault ? throw Damaged(fault) : document.State;
        }
        catch (JsonException error)
        {
            throw Damaged(error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new WorldFileException($"the world file {_path} cannot be read: {error.Message}", error);
        }
    }

    private WorldFileException Damaged(string why, Exception? inner = null)
        => new($"the world file {_path} is damaged: {why}; move it away to begin a new world", inner);

    private static FileStream Hold(string path)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new WorldFileException($"the world file {path} cannot be used: {error.Message} (does another process have this world?)", error);
        }
    }
}
