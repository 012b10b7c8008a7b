namespace Drover.Sites;

/// <summary>What is wrong in a site's file, in one sentence that says what would be right.</summary>
/// <param name="line">The line, from 1.</param>
/// <param name="sentence">The sentence.</param>
internal sealed class SiteFault(int line, string sentence) : Exception(sentence)
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;
}
