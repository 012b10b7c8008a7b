using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;

namespace Drover.Upgrade.Tests;

/// <summary>The previous version of the program (<c>tests/previous</c>), put together once for this test process.</summary>
public sealed class PreviousVersion : IDisposable
{
    private readonly string _above = Directory.CreateTempSubdirectory("drover-previous-").FullName;
    private readonly Lazy<string> _folder;
    private readonly Lazy<Beside> _assemblies;

    public PreviousVersion()
    {
        _folder = new(Unpack);
        _assemblies = new(() => new Beside(_folder.Value));
    }

    /// <summary>Its program file.</summary>
    public string Program => Path.Combine(_folder.Value, "drover");

    /// <summary>One of its assemblies, beside today's of the same name.</summary>
    public Assembly Assembly(string name) => _assemblies.Value.LoadFromAssemblyName(new AssemblyName(name));

    public void Dispose() => Directory.Delete(_above, recursive: true);

    private string Unpack()
    {
        var folder = Path.Combine(_above, "program");
        using var unpack = Process.Start(new ProcessStartInfo(Repository.File("tests", "previous", "unpack"), [folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaint = unpack.StandardError.ReadToEnd();
        unpack.WaitForExit();
        return unpack.ExitCode == 0 ? folder : throw new InvalidOperationException(complaint);
    }

    /// <summary>Drover's own assemblies from the previous version; the packages are shared with today's.</summary>
    private sealed class Beside(string folder) : AssemblyLoadContext("previous")
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name!.StartsWith("Drover.", StringComparison.Ordinal) ? LoadFromAssemblyPath(Path.Combine(folder, $"{assemblyName.Name}.dll")) : null;
    }
}
