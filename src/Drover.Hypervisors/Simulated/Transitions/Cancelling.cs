using Drover.Hypervisors.Simulated.Reading;
using Drover.Hypervisors.Simulated.State;

namespace Drover.Hypervisors.Simulated.Transitions;

/// <summary>An abort: before all is sent the guest stays; after that it is heard and changes nothing; in post-copy it is refused.</summary>
internal static class Cancelling
{
    /// <summary>True: it was told.</summary>
    internal static bool Tell(Change change, TransferState transfer)
    {
        switch (transfer.Stage)
        {
            case TransferStage.Setup or TransferStage.PreCopy or TransferStage.SwitchOver:
                change.Set(Motion.Settle(change, transfer) with
                {
                    Stage = TransferStage.Cancelling,
                    Until = change.Now + change.Map.Traits.Cancel,
                    SilentSince = null,
                    Error = "operation aborted: migration out job: canceled by client",
                });
                Motion.ShareLinks(change);
                return true;
            case TransferStage.PostCopyBegins or TransferStage.PostCopy or TransferStage.PostCopyFailed:
                throw Failures.Failed("Requested operation is not valid: cannot abort migration in post-copy mode");
            default:
                return true;
        }
    }
}
