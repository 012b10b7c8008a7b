namespace Drover;

/// <summary>Ends the program with one sentence on stderr, which says what to do, and an exit code.</summary>
/// <param name="code">One of <see cref="Exit"/>.</param>
/// <param name="sentence">The sentence.</param>
internal sealed class ExitException(int code, string sentence) : Exception(sentence)
{
    /// <summary>One of <see cref="Exit"/>.</summary>
    public int Code { get; } = code;
}
