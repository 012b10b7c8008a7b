using System.Text;

namespace Drover.Sites;

/// <summary>Reads a site's file. What is wrong is told in one sentence with file and line, and ends the program before anything has begun.</summary>
internal static class SiteFile
{
    /// <summary>A site of a thousand hosts with ten guests each has half of it.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The example's name among the program's resources.</summary>
    private const string ExampleName = "drover.example.yaml";

    /// <summary>A file with every setting, explained.</summary>
    public static string Example
    {
        get
        {
            using var resource = new StreamReader(typeof(SiteFile).Assembly.GetManifestResourceStream(ExampleName)!);
            return resource.ReadToEnd();
        }
    }

    /// <summary>The site that the file describes.</summary>
    /// <exception cref="ExitException">There is no such site.</exception>
    public static Site Read(FileInfo file)
    {
        var name = file.ToString();
        try
        {
            return Parse(Text(file, name), file.FullName);
        }
        catch (SiteFault fault)
        {
            throw new ExitException(Exit.Usage, $"{name}:{fault.Line}: {fault.Message}");
        }
    }

    /// <summary>The site that a text describes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Where it stands: relative paths in it begin there.</param>
    /// <exception cref="SiteFault">It describes none.</exception>
    public static Site Parse(string text, string path)
    {
        // The YAML library takes a zero character for the file's end, and would pass over what follows it.
        if (text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var zero)
            throw new SiteFault(1 + text.AsSpan(0, zero).Count('\n'), "there is a zero character here; a site is text.");
        using var reader = new StringReader(text);
        var tree = YamlTree.Read(reader) ?? throw new SiteFault(1, "the file is empty; it names the hosts at least. \"drover standalone --example\" prints one to begin with.");
        return SiteReader.Read(tree, Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Never more than the limit is read, whatever the file is and says of its size.</summary>
    private static string Text(FileInfo file, string name)
    {
        if (Directory.Exists(file.FullName))
            throw Bad($"\"{name}\" is a folder; a site is one YAML file.");
        var bytes = new byte[MaxBytes + 1];
        int length;
        try
        {
            using var stream = file.Open(new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite, BufferSize = 0 });
            length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Bad($"There is no file \"{name}\". \"drover standalone --example\" prints one to begin with.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Bad($"\"{name}\" cannot be read: {error.Message}");
        }
        if (length > MaxBytes)
            throw Bad($"\"{name}\" is larger than 1 MiB; a site's file never is. Is it the right one?");
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes, 0, length).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException error)
        {
            throw new SiteFault(1 + bytes.AsSpan(0, Math.Clamp(error.Index, 0, length)).Count((byte)'\n'), "this is no UTF-8 text; a site is a YAML file in UTF-8.");
        }
    }

    private static ExitException Bad(string sentence) => new(Exit.Usage, sentence);
}
