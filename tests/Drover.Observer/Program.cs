// The outside observer of a lab (infra/lab). It knows libvirt, QEMU's processes and the guests' ticks, and nothing of Drover.
using System.Globalization;
using Drover.Observer;

const string Usage = """
    usage: observer observe LAB TIMELINE      until its standard input ends; lines from there are noted
           observer judge TIMELINE [--guest NAME=HOST|NAME=lost|NAME=off]... [--pause MS] [--silence MS] [--boots N] [--limit N] [--two-copies]
           observer listen URL EXCHANGE QUEUE FILE   every message of a RabbitMQ exchange as a line, until its standard input ends
           observer catch STATUS-FILE [--phase P] [--state S] [--text T] [--gone yes] [--within S] PID...
    judge    prints what was seen and each violation; exit code 1 if there is one
    catch    SIGSTOPs the processes in the moment when libvirt's status file says so; exit code 1 if it never did
    """;
switch (args)
{
    case ["observe", var lab, var file]:
        return await Observation.Run(lab, file);
    case ["judge", var file, .. var wishes] when Judge.Parse(wishes) is { } expected:
        return Judge.Print(File.ReadLines(file).Select(Seen.Read), expected);
    case ["listen", var url, var exchange, var queue, var file]:
        return await Listener.Run(url, exchange, queue, file);
    case ["catch", var file, .. var rest]:
        var wanted = new Dictionary<string, string>();
        var at = 0;
        for (; at + 1 < rest.Length && rest[at].StartsWith("--", StringComparison.Ordinal); at += 2)
            wanted[rest[at][2..]] = rest[at + 1];
        return await Catch.Run(file, wanted, [.. rest[at..].Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))]);
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
