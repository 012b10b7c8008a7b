using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Coordinator.Admission;
using Drover.Coordinator.Migrations;
using Drover.Simulation.Mail;
using MassTransit.Scheduling;

namespace Drover.Simulation;

/// <summary>A letter in a line of the trace.</summary>
internal static class Description
{
    public static string Of(Letter letter, Func<Guid, string> name) => letter.Body switch
    {
        CommandBytes command => $"command {command.RoutingKey}",
        HostReported report => $"report {report.Report} of {report.Host}{(report.Inventory is { } inventory ? $" with {inventory.Guests.Count} guests" : "")}{(report.LibvirtAway is null ? "" : ", libvirt away")}",
        LaneChanged lane => $"LaneChanged {lane.Lane}",
        RequestMigration request => $"RequestMigration {name(request.MigrationId)} {request.Guest} {request.Source} → {request.Destination}",
        RequestCancel cancel => $"RequestCancel {name(cancel.MigrationId)}",
        MigrationGranted granted => $"MigrationGranted {name(granted.MigrationId)}: {granted.Reason}",
        MigrationBlocked blocked => $"MigrationBlocked {name(blocked.MigrationId)}: {blocked.Reason}",
        CheckOn check => $"CheckOn {name(check.MigrationId)}",
        ScheduleMessage schedule => $"schedule of {schedule.Payload.GetType().Name} for {schedule.ScheduledTime:HH:mm:ss.fff}",
        CancelScheduledMessage => "cancel of a schedule",
        ReachNotBefore start => $"ReachNotBefore {name(start.MigrationId)}",
        ReachDeadline deadline => $"ReachDeadline {name(deadline.MigrationId)}",
        CheckSource check => $"CheckSource {name(check.MigrationId)} epoch {check.Epoch}",
        CheckDestination check => $"CheckDestination {name(check.MigrationId)} epoch {check.Epoch}",
        BeginTransfer begin => $"BeginTransfer {name(begin.MigrationId)} epoch {begin.Epoch}",
        AbortTransfer abort => $"AbortTransfer {name(abort.MigrationId)} epoch {abort.Epoch}",
        ForgetGuest forget => $"ForgetGuest {name(forget.MigrationId)} epoch {forget.Epoch}",
        ForceTransfer force => $"ForceTransfer {name(force.MigrationId)} epoch {force.Epoch}",
        ReportGuest question => $"ReportGuest {name(question.MigrationId)} question {question.Question}",
        SourceChecked answer => $"SourceChecked {name(answer.MigrationId)} {answer.Refusal ?? "can leave"}",
        DestinationChecked answer => $"DestinationChecked {name(answer.MigrationId)} {answer.Refusal ?? "can come"}",
        TransferBegan began => $"TransferBegan {name(began.MigrationId)}",
        TransferEnded ended => $"TransferEnded {name(ended.MigrationId)} {ended.Error ?? "well"}",
        GuestReported report => $"GuestReported {name(report.MigrationId)} question {report.Question} by {report.Host}: {In(report.Sighting)}",
        OrderReturned order => $"OrderReturned {name(order.MigrationId)} {order.Order} from {order.Host}",
        var other => other.GetType().Name,
    };

    private static string In(GuestSighting sighting) => sighting switch
    {
        { LibvirtAway: { } reason } => $"libvirt away ({reason})",
        { Present: false } => "absent",
        _ => $"{sighting.Power}, {sighting.PowerReason}, job {sighting.Job}, mark epoch {sighting.MarkEpoch}",
    };
}
