using System.Text.Json;
using System.Text.Json.Serialization;
using Drover.Hypervisors.Simulated.State;

namespace Drover.Hypervisors.Simulated.Persistence;

/// <summary>What the file holds.</summary>
internal sealed record WorldDocument
{
    internal const int PresentFormat = 1;

    public required int Format { get; init; }

    /// <summary>SHA-256 of the plan that the world began with.</summary>
    public required string Plan { get; init; }

    public required SiteState State { get; init; }
}

/// <summary>What of a plan its file is bound to.</summary>
internal sealed record PlanDocument(IReadOnlyList<HostPlan> Hosts, IReadOnlyList<LinkPlan> Links, IReadOnlyList<GuestPlan> Guests);

/// <summary>Written for people too: it is looked at when something went wrong.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(WorldDocument))]
[JsonSerializable(typeof(PlanDocument))]
internal sealed partial class WorldJson : JsonSerializerContext;
