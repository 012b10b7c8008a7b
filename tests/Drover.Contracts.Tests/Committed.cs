namespace Drover.Contracts.Tests;

/// <summary>Files that are generated, kept in the repository, and compared.</summary>
internal static class Committed
{
    /// <summary>The folder <c>contracts</c> of the repository.</summary>
    public static string Folder { get; } = Path.Combine(Root(new DirectoryInfo(AppContext.BaseDirectory)), "contracts");

    /// <summary>Fails when a kept file is not what the records say. With DROVER_ACCEPT=1 the kept file is replaced; else the new one is written beside it as <c>NAME.received.EXT</c>.</summary>
    public static void Compare(string name, string generated)
    {
        var kept = Path.Combine(Folder, name);
        if (File.Exists(kept) && File.ReadAllText(kept) == generated)
            return;
        var accepted = Environment.GetEnvironmentVariable("DROVER_ACCEPT") == "1";
        var target = accepted ? kept : Path.ChangeExtension(kept, $".received{Path.GetExtension(kept)}");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllText(target, generated);
        if (!accepted)
            Assert.Fail($"contracts/{name} is not what the records say; compare it with {Path.GetFileName(target)} beside it, and run with DROVER_ACCEPT=1 to take the new one");
    }

    private static string Root(DirectoryInfo? folder) => folder switch
    {
        null => throw new InvalidOperationException("Workers.sln is in no folder above the tests"),
        _ when File.Exists(Path.Combine(folder.FullName, "Workers.sln")) => folder.FullName,
        _ => Root(folder.Parent),
    };
}
