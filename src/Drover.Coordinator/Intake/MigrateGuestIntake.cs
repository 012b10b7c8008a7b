using System.Security.Cryptography;
using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Commands;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Migrations;
using Drover.Store;
using Drover.Store.Hosts;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Intake;

/// <summary>From the bytes of a migrate-guest command to a request that the saga takes, or to one rejection with a reason.</summary>
internal sealed class MigrateGuestIntake(DroverDbContext db, RejectionDesk desk, MigrationLedger ledger) : IConsumer<CommandBytes>
{
    /// <summary>The priority of a request that names none.</summary>
    private const int DefaultPriority = 5;

    public async Task Consume(ConsumeContext<CommandBytes> context)
    {
        var read = CommandReader.Read<MigrateGuest>(context.Message.Body);
        if (read is CommandRead<MigrateGuest>.Rejected rejected)
        {
            await desk.Reject(context, rejected.Code, rejected.Message, rejected.MigrationId);
            return;
        }

        var command = ((CommandRead<MigrateGuest>.Ok)read).Command;
        var digest = Digest(command);
        var known = await db.Migrations.AsNoTracking()
            .Where(row => row.CorrelationId == command.MigrationId)
            .Select(row => row.BodyDigest)
            .FirstOrDefaultAsync(context.CancellationToken)
            ?? await ledger.TombstoneOf(command.MigrationId, context.CancellationToken);
        if (known is not null)
        {
            // The same request again is the same migration: what the world looks like by now is no reason to refuse it.
            if (known != digest)
                await desk.Reject(context, RejectionCode.IdReused, Rejections.IdReused(command.MigrationId), command.MigrationId);
            return;
        }

        var (request, refusal) = await Resolve(command, digest, context);
        if (request is null)
            await desk.Reject(context, refusal!.Value.Code, refusal.Value.Message, command.MigrationId);
        else
            await context.SendTo(Queues.Migrations, request, context.CancellationToken);
    }

    /// <summary>Two bodies that mean the same have one digest: white space and the order of members do not count.</summary>
    internal static string Digest(MigrateGuest command) => Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(command, ContractsJson.Strict)));

    private async Task<(RequestMigration? Request, (RejectionCode Code, string Message)? Refusal)> Resolve(MigrateGuest command, string digest, ConsumeContext<CommandBytes> context)
    {
        if (command.Destination is not { } destination)
            return Refuse(RejectionCode.MissingMember, "\"destination\" is missing: name the host to move the guest to; this version does not choose one.");
        if (command.Deadline <= ledger.Now)
            return Refuse(RejectionCode.InvalidValue, $"The deadline {command.Deadline:yyyy-MM-ddTHH:mm:ssZ} is past: name one that can be met, or none.");
        foreach (var host in new[] { destination, command.Source })
        {
            if (host is not null && !await db.HostReports.AnyAsync(row => row.Host == host, context.CancellationToken))
                return Refuse(RejectionCode.UnknownHost, Rejections.UnknownHost(host));
        }

        var found = GuestResolution.Resolve(command.Guest, command.Source, await Reported(command.Guest, context.CancellationToken));
        if (found.Guest is not { } guest)
            return Refuse(found.Code, found.Message!);
        if (guest.Host == destination)
            return Refuse(RejectionCode.SameHost, $"Guest {guest.Name} is on {destination} already: name another destination.");

        return (new RequestMigration
        {
            MigrationId = command.MigrationId,
            BodyDigest = digest,
            CommandMessageId = context.Message.MessageId,
            Guest = guest.Name,
            GuestUuid = guest.Uuid,
            GuestMemoryBytes = guest.MemoryBytes,
            MarkEpoch = guest.MarkEpoch,
            Source = guest.Host,
            Destination = destination,
            Priority = command.Priority ?? DefaultPriority,
            RequestedBy = command.RequestedBy,
            Reason = command.Reason,
            Tenant = command.Tenant,
            OperatorOnly = command.Visibility == Visibility.Operator,
            NotBefore = command.NotBefore,
            Deadline = command.Deadline,
            OnDeadline = command.Deadline is null ? null : command.OnDeadline ?? OnDeadline.Report,
            MaxDowntime = command.Overrides?.MaxDowntime,
            BandwidthBytesPerSecond = command.Overrides?.BandwidthBytesPerSecond,
        }, null);
    }

    private async Task<IReadOnlyList<GuestRow>> Reported(string asked, CancellationToken cancellationToken)
    {
        var rows = db.Guests.AsNoTracking();
        return Guid.TryParse(asked, out var uuid)
            ? await rows.Where(row => row.Uuid == uuid || row.Name == asked).ToListAsync(cancellationToken)
            : await rows.Where(row => row.Name == asked).ToListAsync(cancellationToken);
    }

    private static (RequestMigration?, (RejectionCode, string)?) Refuse(RejectionCode code, string message) => (null, (code, message));
}
