namespace Drover.Hypervisors.Simulated.Physics;

/// <summary>One stream of bytes over some ways, each with room for a limited rate.</summary>
/// <param name="Ways">Numbers of the ways that it goes over.</param>
/// <param name="Most">The most that it takes; infinite when nothing else limits it.</param>
internal readonly record struct Flow(int[] Ways, double Most);

/// <summary>
/// Max-min fair rates, which TCP streams come close to: all rise together; who reaches its own limit, or a full way, stays there while the others rise on.
/// Two streams on one way of 100 share it 50 and 50; when one takes no more than 20, the other gets 80.
/// </summary>
internal static class FairShare
{
    internal static double[] Of(IReadOnlyList<Flow> flows, IReadOnlyList<double> room)
    {
        var rates = new double[flows.Count];
        var left = room.ToArray();
        var rising = Enumerable.Range(0, flows.Count).ToList();
        var users = new int[left.Length];
        while (rising.Count > 0)
        {
            Array.Clear(users);
            foreach (var flow in rising)
            {
                foreach (var way in flows[flow].Ways)
                    users[way]++;
            }
            var rise = double.PositiveInfinity;
            foreach (var flow in rising)
            {
                rise = Math.Min(rise, flows[flow].Most - rates[flow]);
                foreach (var way in flows[flow].Ways)
                    rise = Math.Min(rise, left[way] / users[way]);
            }

            rise = Math.Max(0, rise);
            foreach (var flow in rising)
            {
                rates[flow] += rise;
                foreach (var way in flows[flow].Ways)
                    left[way] -= rise;
            }
            // A way is full when less than a millionth of it is left: sums of shares are not exact.
            if (rising.RemoveAll(flow => flows[flow].Most - rates[flow] <= 1e-6 * rates[flow] || flows[flow].Ways.Any(way => left[way] <= 1e-6 * room[way])) == 0)
                break;
        }
        return rates;
    }
}
