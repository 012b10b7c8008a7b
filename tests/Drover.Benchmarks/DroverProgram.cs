namespace Drover.Benchmarks;

/// <summary>The program that is measured: the release build, which was built together with this one.</summary>
internal static class DroverProgram
{
    public static string Path { get; } = Repository.File("artifacts", "bin", "Drover", "release", "drover");
}
