namespace Drover.Store.Tests.Contract;

public static class Child
{
    public static Task<int> Run(string[] args) => Task.FromResult(args.Length);
}
