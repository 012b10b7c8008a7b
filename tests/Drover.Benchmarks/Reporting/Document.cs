using System.Text;

namespace Drover.Benchmarks.Reporting;

/// <summary>The page docs/benchmarks.md: its parts are written here, what stands around them is written by hand.</summary>
internal static class Document
{
    public static string Part(string command, string machine, string before, string after, IReadOnlyList<Section> sections)
    {
        var text = new StringBuilder($"`{command}`  \n{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, on {machine}  \nload average before: {before}; after: {after}\n");
        foreach (var section in sections)
        {
            text.Append($"\n### {section.Title}\n\n{section.Method}\n\n| figure | measured | aim | met |\n|---|---|---|---|\n");
            foreach (var figure in section.Figures)
                text.Append($"| {figure.Name} | {figure.Value} | {figure.Aim} | {figure.Met switch { true => "yes", false => "**no**", null => "" }} |\n");
        }
        return text.ToString();
    }

    /// <summary>Puts a part where its marks are.</summary>
    public static void Replace(string name, string part)
    {
        var file = Repository.File("docs", "benchmarks.md");
        var page = File.ReadAllText(file);
        var (begin, end) = ($"<!-- {name}: generated -->\n", $"<!-- end of {name} -->");
        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = page.IndexOf(end, from, StringComparison.Ordinal);
        if (from < begin.Length || to < 0)
            throw new InvalidDataException($"{file} has no place for the part \"{name}\": the lines {begin.Trim()} and {end}");
        File.WriteAllText(file, $"{page[..from]}{part}{page[to..]}");
    }
}
