using Drover.Api.Problems;
using Drover.Contracts.Commands;
using Drover.Contracts.Hosts;
using Drover.Contracts.Views;
using Drover.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Drover.Api.Commands;

/// <summary><c>POST /v1/hosts/{host}/confirm-down</c>: attests that a silent host is down; the body says by whom and why.</summary>
internal static class ConfirmDown
{
    public static async Task<Results<Accepted<HostCommandAccepted>, ProblemHttpResult>> Handle(
        string host, DroverDbContext db, CommandIntake intake, HttpContext context, CancellationToken cancellationToken)
    {
        var (command, refusal) = await intake.Read<ConfirmHostDown>(context.Request, "host", host, cancellationToken);
        if (command is null)
            return refusal!;
        if (command.Host != host)
            return Problem.Of(400, RejectionCode.InvalidValue, $"The body names host {command.Host}, the address {host}: leave host out of the body.");

        var found = await db.HostReports.AsNoTracking().Where(report => report.Host == host).Select(report => new { report.Silent, report.LastReportAt }).FirstOrDefaultAsync(cancellationToken);
        if (found is null)
            return Problem.Of(404, RejectionCode.UnknownHost, $"No host \"{host}\" has ever reported: GET /v1/hosts lists those that have.");
        if (!found.Silent)
            return Problem.Of(409, RejectionCode.HostReports, $"Host {host} reports (last at {found.LastReportAt.UtcDateTime:HH:mm:ss} UTC): it is not down. A host that can be asked is asked.");
        return await intake.Accept(command, $"/v1/hosts/{host}", new HostCommandAccepted { Host = host }, context, null, cancellationToken);
    }
}
