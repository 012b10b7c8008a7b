using System.Buffers.Binary;
using Drover.Bus;

namespace Drover.Simulation;

/// <summary>Everything that a seed decides: ids, times, order and accidents.</summary>
internal sealed class Randomness(int seed) : IdSource
{
    private readonly Random _random = new(seed);

    public bool Happens(double probability) => _random.NextDouble() < probability;

    public int From(int least, int most) => _random.Next(least, most + 1);

    public T OneOf<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];

    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + TimeSpan.FromTicks((long)(_random.NextDouble() * (most - least).Ticks));

    public TimeSpan Milliseconds(double least, double most) => Between(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));

    public TimeSpan Seconds(double least, double most) => Between(TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));

    public Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, _random.NextInt64());
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], _random.NextInt64());
        return new Guid(bytes);
    }

    public override Guid Next(DateTimeOffset at) => NewId();
}
