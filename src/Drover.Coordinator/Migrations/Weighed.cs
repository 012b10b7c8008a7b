using Drover.Policy.Verdicts;

namespace Drover.Coordinator.Migrations;

/// <summary>What the evidence came to, while one message is handled.</summary>
internal sealed record Weighed(Verdict Verdict, Conclusion Conclusion);
