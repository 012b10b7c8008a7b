namespace Drover.Observer;

/// <summary>Watches a whole lab until its standard input ends; each line that comes there is noted in the time line.</summary>
internal static class Observation
{
    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    public static async Task<int> Run(string lab, string file)
    {
        lab = Path.GetFullPath(lab);
        string[] hosts = [.. Directory.GetFiles(Path.Combine(lab, "ns"), "host-*.mnt").Select(each => Path.GetFileNameWithoutExtension(each)).Order()];
        using var line = new TimeLine(file);
        var libvirts = Array.ConvertAll(hosts, host => new Libvirts(line, lab, host));
        var statuses = Array.ConvertAll(hosts, host => new StatusFiles(line, lab, host));
        var processes = new Processes(line, lab, hosts);
        var consoles = new Consoles(line, lab);

        consoles.SkipWhatIsThere();
        Array.ForEach(libvirts, libvirt => libvirt.Start());
        using var ending = new CancellationTokenSource();
        var notes = Task.Run(async () =>
        {
            while (await Console.In.ReadLineAsync() is { } note)
                line.Add(new Seen { At = TimeLine.Now, What = "note", Text = note });
            await ending.CancelAsync();
        });
        using var pace = new PeriodicTimer(Every);
        do
        {
            Look();
        }
        while (await Next(pace, ending.Token));
        await notes;
        Array.ForEach(libvirts, libvirt => libvirt.Stop());
        Look();
        line.Add(new Seen { At = TimeLine.Now, What = "end" });
        return 0;

        void Look()
        {
            consoles.Look();
            Array.ForEach(statuses, status => status.Look());
            Array.ForEach(libvirts, libvirt => libvirt.LookAtTheClock());
            processes.Look();
        }
    }

    private static async Task<bool> Next(PeriodicTimer pace, CancellationToken ending)
    {
        try
        {
            return await pace.WaitForNextTickAsync(ending);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
