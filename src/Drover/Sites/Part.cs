using System.Globalization;

namespace Drover.Sites;

/// <summary>One mapping of a site's file, read strictly: it has these members and no others.</summary>
internal sealed class Part
{
    private readonly string what;
    private readonly YamlNode.Mapping mapping;

    private Part(YamlNode.Mapping mapping, string what) => (this.mapping, this.what) = (mapping, what);

    /// <summary>The line on which it begins.</summary>
    public int Line => mapping.Line;

    /// <summary>Takes a node as a part.</summary>
    /// <param name="node">The node.</param>
    /// <param name="what">What it is, as a sentence calls it: "a simulated host".</param>
    /// <param name="members">The names that it may have.</param>
    public static Part Of(YamlNode node, string what, params string[] members)
    {
        var mapping = Named(node, what, members);
        foreach (var (name, line, _) in mapping.Members)
        {
            if (members.Contains(name))
                continue;
            throw new SiteFault(line, Spelling.Guess(name, members) is { } meant
                ? $"\"{YamlTree.Short(name)}\" is no setting of {what}: did you mean \"{meant}\"?"
                : $"\"{YamlTree.Short(name)}\" is no setting of {what}; it has {string.Join(", ", members)}.");
        }
        return new Part(mapping, what);
    }

    /// <summary>A node as names that the writer chooses, each with a value.</summary>
    public static YamlNode.Mapping Named(YamlNode node, string what, params string[] example) => node as YamlNode.Mapping
        ?? throw new SiteFault(node.Line, $"{what} consists of names with values{(example.Length == 0 ? "" : $" ({string.Join(", ", example)})")}, indented below it, each as \"name: value\".");

    /// <summary>A member; null when it is not there or nothing was written.</summary>
    public YamlNode? Find(string name) => mapping.Members.FirstOrDefault(member => member.Name == name).Value switch
    {
        null or YamlNode.Scalar { Text: null } => null,
        var value => value,
    };

    /// <summary>A member that must be there.</summary>
    public YamlNode Need(string name, string example) =>
        Find(name) ?? throw new SiteFault(LineOf(name), $"{what} needs \"{name}\", for example {name}: {example}.");

    /// <summary>A text.</summary>
    public string? Text(string name) => Find(name) is { } value ? Text(name, value) : null;

    /// <summary>A text that must be there.</summary>
    public string NeedText(string name, string example) => Text(name, Need(name, example));

    /// <summary>A whole number; null when it is not there.</summary>
    public int? Number(string name, int least, int most)
    {
        if (Text(name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new SiteFault(LineOf(name), $"\"{name}\" is {YamlTree.Short(text)}; it is a whole number from {least} to {most}.");
    }

    /// <summary>Yes or no; no when it is not there.</summary>
    public bool Truth(string name) => Text(name) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw new SiteFault(LineOf(name), $"\"{name}\" is {YamlTree.Short(other)}; it is true or false."),
    };

    /// <summary>An amount with its unit; null when it is not there.</summary>
    public long? Quantity(string name, Func<string, long?> read, string example, long least, long most)
    {
        if (Text(name) is not { } text)
            return null;
        var amount = read(text) ?? throw new SiteFault(LineOf(name), $"\"{name}\" is \"{YamlTree.Short(text)}\"; write it with its unit, like {example}.");
        if (amount < 0)
            throw new SiteFault(LineOf(name), $"\"{name}\" is {YamlTree.Short(text)}; it cannot be negative: write it like {example}.");
        return amount >= least && amount <= most ? amount
            : throw new SiteFault(LineOf(name), $"\"{name}\" is {YamlTree.Short(text)}; that is too {(amount < least ? "little" : "much")}: write it like {example}.");
    }

    /// <summary>The line of a member; the part's own when it is not there.</summary>
    public int LineOf(string name) => mapping.Members.FirstOrDefault(member => member.Name == name) is { Name: not null } member ? member.Line : Line;

    private static string Text(string name, YamlNode value) => value is YamlNode.Scalar { Text: { } text }
        ? text
        : throw new SiteFault(value.Line, $"\"{name}\" is one value, not a list or names.");
}
