namespace Drover.Sites;

/// <summary>Guesses which name was meant.</summary>
internal static class Spelling
{
    /// <summary>The likeliest of the names; null when none is near enough to have been meant.</summary>
    public static string? Guess(string written, IEnumerable<string> names) =>
        names.Select(name => (Name: name, Distance: Distance(written.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(guess => guess.Distance <= Math.Max(1, guess.Name.Length / 3))
            .OrderBy(guess => guess.Distance).Select(guess => guess.Name).FirstOrDefault();

    /// <summary>Letters to change, leave out, put in or exchange with their neighbour; a long word is far from everything.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 40)
            return int.MaxValue;
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 || j == 0 ? i + j
                    : Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
