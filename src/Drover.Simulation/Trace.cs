using System.Globalization;
using System.Text;
using Drover.Simulation.Clock;

namespace Drover.Simulation;

/// <summary>What happened, line by line. The same seed writes the same lines, byte for byte.</summary>
internal sealed class Trace(Agenda agenda)
{
    private readonly StringBuilder _text = new();
    private readonly DateTimeOffset _began = agenda.Now;

    public void Write(string who, string what) =>
        _text.Append(CultureInfo.InvariantCulture, $"{(agenda.Now - _began).TotalSeconds,10:0.0000}  {who,-12} {what}\n");

    public override string ToString() => _text.ToString();
}
