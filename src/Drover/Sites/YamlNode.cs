namespace Drover.Sites;

/// <summary>A part of a YAML file, with the line on which it begins.</summary>
internal abstract record YamlNode(int Line)
{
    /// <summary>A text, a number, a truth value: all are text here. Null when nothing was written.</summary>
    public sealed record Scalar(int Line, string? Text) : YamlNode(Line);

    /// <summary>Names with values, in the file's order; no name is there twice.</summary>
    public sealed record Mapping(int Line, IReadOnlyList<(string Name, int Line, YamlNode Value)> Members) : YamlNode(Line);

    /// <summary>A list.</summary>
    public sealed record Sequence(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line);
}
