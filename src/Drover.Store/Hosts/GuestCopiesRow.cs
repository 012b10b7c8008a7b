namespace Drover.Store.Hosts;

/// <summary>A guest that more than one host says it runs. Inventories make the suspicion; questions asked after it confirm it, raise the alarm, and end it.</summary>
public sealed class GuestCopiesRow
{
    /// <summary>The guest.</summary>
    public Guid Uuid { get; set; }

    /// <summary>Its name.</summary>
    public string Name { get; set; } = null!;

    /// <summary>Names the inquiry in questions and answers, where a migration's id would stand.</summary>
    public Guid Inquiry { get; set; }

    /// <summary>The present question's number: an answer to an older one is not evidence.</summary>
    public int Question { get; set; }

    /// <summary>Each host that is asked with its answer, as JSON; null until it comes.</summary>
    public string Sightings { get; set; } = null!;

    /// <summary>Since when it is suspected.</summary>
    public DateTimeOffset NoticedAt { get; set; }

    /// <summary>Rounds of questions, one after another, in which more than one host said that it runs.</summary>
    public int Rounds { get; set; }

    /// <summary>When the alarm was raised; null before.</summary>
    public DateTimeOffset? AlarmedAt { get; set; }

    /// <summary>When the hosts are to be asked again.</summary>
    public DateTimeOffset CheckAt { get; set; }
}
