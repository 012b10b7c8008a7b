using System.Diagnostics;
using Drover.Client;
using Drover.Contracts.Migrations;
using Drover.Contracts.Views;

namespace Drover.Demo;

/// <summary>Four moves, asked for and watched over the HTTP API as any client would.</summary>
internal sealed class Story(DroverClient api)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    /// <summary>The story takes a third of it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private readonly Stopwatch told = Stopwatch.StartNew();
    private readonly Move web = new() { Guest = "web", From = "host-a", To = "host-b", About = "an easy one", Ends = "completed" };
    private readonly Move db = new() { Guest = "db", From = "host-a", To = "host-c", About = "busy: it takes many passes", Ends = "completed", FewestPasses = 5 };
    private readonly Move batch = new() { Guest = "batch", From = "host-b", To = "host-c", About = "writes faster than its link carries: cancelled", Ends = "cancelled" };
    private readonly Move mail = new() { Guest = "mail", From = "host-a", To = "host-b", About = "waits until one of the two before it has left host-a", Ends = "completed", Waits = true };
    private bool cancelled;

    /// <summary>The moves in the order in which they are asked for.</summary>
    public IReadOnlyList<Move> Moves => [web, db, batch, mail];

    /// <summary>Since the beginning.</summary>
    public TimeSpan Told => told.Elapsed;

    /// <summary>Waits until Drover knows the guests; right after the start agents have still to report.</summary>
    public async Task Begin(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Every);
        while ((await api.Get<HostList>("v1/hosts", cancellationToken)).Value.Hosts.Sum(host => host.Guests) < Moves.Count && told.Elapsed < Patience)
            await timer.WaitForNextTickAsync(cancellationToken);
        told.Restart();
    }

    /// <summary>Tells it to its end, or until the patience is over; shows each look.</summary>
    public async Task Tell(Action show, CancellationToken cancellationToken)
    {
        foreach (var move in new[] { web, db, batch })
            await Ask(move, cancellationToken);
        using var timer = new PeriodicTimer(Every);
        do
        {
            await Look(cancellationToken);
            // Both slots of out:host-a are taken now.
            if (mail.Id is null && web.Seen?.StartedAt is not null && db.Seen?.StartedAt is not null)
                await Ask(mail, cancellationToken);
            if (!cancelled && batch.Seen is { EndedAt: null, Progress.Pass: >= 3 })
                await Cancel(batch, cancellationToken);
            show();
        }
        while (!Moves.All(move => move.IsOver) && told.Elapsed < Patience && await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task Ask(Move move, CancellationToken cancellationToken)
    {
        var request = new MigrateGuest { MigrationId = Guid.CreateVersion7(), Guest = move.Guest, Destination = move.To, RequestedBy = "demo", Reason = move.About };
        await api.Post<CommandAccepted>("v1/migrations", request, cancellationToken);
        (move.Id, move.AskedAt) = (request.MigrationId, told.Elapsed);
    }

    private async Task Cancel(Move move, CancellationToken cancellationToken)
    {
        cancelled = true;
        await api.Post<CommandAccepted>(
            $"v1/migrations/{move.Id}/cancel", new CancelMigration { MigrationId = move.Id!.Value, RequestedBy = "demo", Reason = "it will not end" }, cancellationToken);
    }

    private async Task Look(CancellationToken cancellationToken)
    {
        var seen = (await api.Get<MigrationList>("v1/migrations", cancellationToken)).Value.Migrations.ToDictionary(view => view.MigrationId);
        foreach (var move in Moves)
        {
            if (move.Id is not { } id || !seen.TryGetValue(id, out var view))
                continue;
            move.Seen = view;
            if (view is { State: "queued", Reason: { Length: > 0 } reason } && reason.StartsWith("out:", StringComparison.Ordinal))
                move.WaitedFor = reason;
        }
    }
}
