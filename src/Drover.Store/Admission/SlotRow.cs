namespace Drover.Store.Admission;

/// <summary>One unit of a lane, held by one migration. (lane, number) is the key: no bug can commit one slot twice, and a leak shows in a query.</summary>
public sealed class SlotRow
{
    /// <summary>The lane.</summary>
    public string Lane { get; set; } = null!;

    /// <summary>The slot's number, from 1 to the lane's limit at the time of the grant.</summary>
    public int Number { get; set; }

    /// <summary>Who holds it.</summary>
    public Guid MigrationId { get; set; }
}
