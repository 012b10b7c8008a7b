using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Drover.Sites;

/// <summary>
/// Reads YAML as far as a settings file needs it: mappings, lists and plain values. Anchors, aliases, tags and a second document are refused: nobody needs
/// them here, and with them a small file can mean a very large one. What is nested deeper than any setting is refused as soon as it is met.
/// </summary>
internal sealed class YamlTree
{
    private const int MaxDepth = 16;
    private readonly Parser parser;

    private YamlTree(TextReader text) => parser = new Parser(text);

    /// <summary>The file's one document; null when there is nothing in it.</summary>
    /// <exception cref="SiteFault">It is not YAML, or YAML that is refused.</exception>
    public static YamlNode? Read(TextReader text)
    {
        var tree = new YamlTree(text);
        try
        {
            return tree.Document();
        }
        catch (YamlException error)
        {
            throw new SiteFault((int)Math.Max(1, error.Start.Line), $"this is not YAML: {Said(error.Message)}.");
        }
        catch (Exception error) when (error is not SiteFault)
        {
            // The library's scanner has faults of its own: some text that is no YAML makes it throw other exceptions than it says.
            throw new SiteFault(tree.parser.Current is { } last ? LineOf(last) : 1, "this is not YAML from about here on.");
        }
    }

    private YamlNode? Document()
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _))
            return null;
        parser.Consume<DocumentStart>();
        var node = Node(1);
        parser.Consume<DocumentEnd>();
        return parser.Current is StreamEnd
            ? node
            : throw new SiteFault(LineOf(parser.Current!), "a second document begins here; a site is one document: remove the \"---\".");
    }

    private YamlNode Node(int depth)
    {
        var evt = parser.Consume<ParsingEvent>();
        var line = LineOf(evt);
        if (evt is AnchorAlias)
            throw new SiteFault(line, "aliases (*name) are not used here: write the value out.");
        if (evt is NodeEvent { Anchor.IsEmpty: false })
            throw new SiteFault(line, "anchors (&name) are not used here: write the value out where it is needed.");
        if (evt is NodeEvent { Tag.IsEmpty: false, Tag: var tag })
            throw new SiteFault(line, $"tags ({Short(tag.Value)}) are not used here: leave it out.");
        if (depth > MaxDepth)
            throw new SiteFault(line, $"this is nested more than {MaxDepth} deep; no setting is.");
        return evt switch
        {
            Scalar scalar => new YamlNode.Scalar(line, scalar.IsKey || scalar.Style != ScalarStyle.Plain || scalar.Value is not ("" or "~" or "null") ? scalar.Value : null),
            MappingStart => Mapping(line, depth),
            SequenceStart => Sequence(line, depth),
            _ => throw new SiteFault(line, "a value was expected here."),
        };
    }

    private YamlNode.Mapping Mapping(int line, int depth)
    {
        var members = new List<(string Name, int Line, YamlNode Value)>();
        var lines = new Dictionary<string, int>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var written = Node(depth + 1);
            if (written is not YamlNode.Scalar { Text: { Length: > 0 } name } key)
                throw new SiteFault(written.Line, "a name was expected before the \":\".");
            if (!lines.TryAdd(name, key.Line))
                throw new SiteFault(key.Line, $"\"{Short(name)}\" is here twice, first on line {lines[name]}: keep one.");
            members.Add((name, key.Line, Node(depth + 1)));
        }
        return new YamlNode.Mapping(line, members);
    }

    private YamlNode.Sequence Sequence(int line, int depth)
    {
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(depth + 1));
        return new YamlNode.Sequence(line, items);
    }

    private static int LineOf(ParsingEvent evt) => (int)Math.Max(1, evt.Start.Line);

    private static string Said(string message) => Short(message.TrimEnd('.').ReplaceLineEndings(" "), 200);

    /// <summary>As much of what was written as fits into a sentence.</summary>
    internal static string Short(string text, int longest = 60) => text.Length <= longest ? text : text[..longest] + "…";
}
