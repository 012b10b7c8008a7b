using System.Runtime.InteropServices;
using Drover.Benchmarks;
using Drover.Benchmarks.Bus;
using Drover.Benchmarks.Lab;
using Drover.Benchmarks.Reporting;
using Drover.Benchmarks.Seeds;
using Drover.Benchmarks.Stores;

const string Usage = "usage: dotnet run -c Release --project tests/Drover.Benchmarks -- lab|bus|stores|restart|seeds|all [--pairs N] [--write] [--no-wait]\n"
    + "--pairs    of moves, 2 to 200, even; also kills of the coordinator; 10 by default\n--write    into docs/benchmarks.md\n--no-wait  do not wait until the machine is quiet";

if (args.FirstOrDefault() == LoadProgram.Name)
    return await LoadProgram.Run(args);

var which = args.FirstOrDefault();
var pairs = 10;
var write = false;
var wait = true;
for (var i = 1; i < args.Length; i++)
{
    if (args[i] == "--write")
        write = true;
    else if (args[i] == "--no-wait")
        wait = false;
    else if (args[i] == "--pairs" && i + 1 < args.Length && int.TryParse(args[++i], out pairs) && pairs is >= 2 and <= 200 && pairs % 2 == 0)
        continue;
    else
        which = null;
}
if (which is not ("lab" or "bus" or "stores" or "restart" or "seeds" or "all"))
    return Refuse(Usage);
if (which is "lab" or "all" && !Environment.IsPrivilegedProcess)
    return Refuse("the lab's hosts are network namespaces: run as root");

using var stop = new CancellationTokenSource();
// Either way what was started is ended first.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var command = $"dotnet run -c Release --project tests/Drover.Benchmarks -- {string.Join(' ', args)}";
try
{
    if (which is "lab" or "all")
        await Run("lab", () => LabBenchmarks.Run(pairs, stop.Token));
    if (which is "bus" or "all")
        await Run("bus", () => BusBenchmarks.Run(stop.Token));
    if (which is "stores" or "all")
        await Run("stores", () => StoreBenchmarks.Run(stop.Token));
    if (which is "restart" or "all")
        await Run("restart", () => RestartBenchmarks.Run(pairs, stop.Token));
    if (which is "seeds" or "all")
        await Run("seeds", () => SeedBenchmarks.Run(stop.Token));
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return Refuse("stopped");
}

async Task Run(string name, Func<Task<IReadOnlyList<Section>>> benchmarks)
{
    if (wait)
        await Machine.WaitUntilQuiet(stop.Token);
    var before = Machine.Load();
    var sections = await benchmarks();
    var text = Document.Part(command, Machine.Describe(), before, Machine.Load(), sections);
    Console.WriteLine(text);
    if (write)
        Document.Replace(name, text);
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

static int Refuse(string sentence)
{
    Console.Error.WriteLine(sentence);
    return 2;
}
