using System.Collections.Concurrent;
using System.Net;
using Drover.Contracts.Migrations;

namespace Drover.Standalone.Tests;

/// <summary>
/// Clients that ask for moves and cancel some of them, over HTTP, with ids of their own. When the program goes away they ask the next one again, with the same
/// id and body: that is what makes asking again harmless.
/// </summary>
internal sealed class Load(IReadOnlyList<string> guests, IReadOnlyList<string> hosts, int seed)
{
    private readonly ConcurrentDictionary<Guid, string> accepted = [];
    private readonly ConcurrentDictionary<Guid, bool> asked = [];
    private volatile bool enough;
    private volatile TaskCompletionSource<StandaloneProcess> program = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int cancels;

    /// <summary>The ids that were answered 202, with their guests.</summary>
    public IReadOnlyDictionary<Guid, string> Accepted => accepted;

    /// <summary>All ids that were ever sent.</summary>
    public ICollection<Guid> Asked => asked.Keys;

    /// <summary>Cancels that were answered 202.</summary>
    public int Cancels => Volatile.Read(ref cancels);

    /// <summary>From now on they talk to this one.</summary>
    public void Use(StandaloneProcess next)
    {
        if (program.Task.IsCompleted)
            program = new TaskCompletionSource<StandaloneProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        program.SetResult(next);
    }

    /// <summary>It is gone; they wait for the next.</summary>
    public void Lose() => program = new TaskCompletionSource<StandaloneProcess>(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>No new requests; those under way are asked until they are answered.</summary>
    public void End() => enough = true;

    /// <summary>So many clients at work.</summary>
    public Task Run(int clients) => Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => Client(new Random(seed + client)))));

    private async Task Client(Random random)
    {
        while (!enough)
        {
            var id = new Guid([.. Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256))]);
            var guest = guests[random.Next(guests.Count)];
            asked[id] = true;
            var request = new MigrateGuest { MigrationId = id, Guest = guest, Destination = hosts[random.Next(hosts.Count)], Priority = random.Next(10) };
            Assert.Equal(HttpStatusCode.Accepted, await Ask(drover => drover.Post("v1/migrations", request)));
            accepted[id] = guest;
            if (random.Next(3) == 0)
                await Cancel(id, late: random.Next(2) == 0);
            await Ended(id);
        }
    }

    private async Task Cancel(Guid id, bool late)
    {
        if (late)
            await Look(id, state => state is "pre-copying");
        var answer = await Ask(drover => drover.Post($"v1/migrations/{id}/cancel", new { requestedBy = "load" }));
        Assert.Contains(answer, (HttpStatusCode[])[HttpStatusCode.Accepted, HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity]);
        if (answer == HttpStatusCode.Accepted)
            Interlocked.Increment(ref cancels);
    }

    private Task Ended(Guid id) => Look(id, _ => false);

    /// <summary>Until it is so, or has ended, or was rejected.</summary>
    private async Task Look(Guid id, Func<string, bool> seen)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (!await Ask(async drover => await drover.StateOf(id) is var state && (state is "rejected" or "completed" or "cancelled" or "failed" || (state is not null && seen(state)))))
            await timer.WaitForNextTickAsync();
    }

    private async Task<T> Ask<T>(Func<StandaloneProcess, Task<T>> ask)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                return await ask(await program.Task.WaitAsync(StandaloneProcess.Patience));
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                await timer.WaitForNextTickAsync();     // it was killed; the next one is asked the same
            }
        }
    }
}
