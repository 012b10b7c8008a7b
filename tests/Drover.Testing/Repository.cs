namespace Drover;

/// <summary>Finds the repository that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds Workers.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file or folder of the repository.</summary>
    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Workers.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No Workers.sln above {AppContext.BaseDirectory}: the tests run from a checkout.");
    }
}
