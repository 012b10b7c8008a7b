using System.Globalization;
using System.Text;
using System.Xml;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Libvirt;

/// <summary>
/// The mark as libvirt keeps it: one element, all in attributes. Libvirt adds the namespace when it stores the element and takes it away when it gives it back.
/// <code>&lt;mark migration="0190…" attempt="1" epoch="7" source="host-a" destination="host-b" downtimeBefore="PT0.3S" maxDowntime="PT0.5S" afterSequence="4" /&gt;</code>
/// </summary>
internal static class MarkXml
{
    internal const string Uri = "urn:drover:mark:1";
    internal const string Prefix = "drover";
    private const string Element = "mark";
    private const int LongestMark = 4096;

    internal static string Write(Mark mark)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement(Element);
            xml.WriteAttributeString("migration", mark.MigrationId.ToString("D"));
            xml.WriteAttributeString("attempt", XmlConvert.ToString(mark.Attempt));
            xml.WriteAttributeString("epoch", XmlConvert.ToString(mark.Epoch));
            xml.WriteAttributeString("source", mark.Source);
            xml.WriteAttributeString("destination", mark.Destination);
            WriteSpan(xml, "downtimeBefore", mark.DowntimeLimitBefore);
            WriteSpan(xml, "maxDowntime", mark.MaxDowntime);
            xml.WriteAttributeString("afterSequence", XmlConvert.ToString(mark.AfterSequence));
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    /// <summary>The mark in an element's text; null when it is none of ours. Anybody may write metadata: garbage is no mark, never an error.</summary>
    internal static Mark? Read(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LongestMark };
        try
        {
            using var xml = XmlReader.Create(new StringReader(text), settings);
            return xml.MoveToContent() == XmlNodeType.Element && xml.LocalName == Element && xml.NamespaceURI is "" or Uri ? ReadAttributes(xml) : null;
        }
        catch (Exception e) when (e is XmlException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static Mark? ReadAttributes(XmlReader xml)
        => Guid.TryParseExact(xml.GetAttribute("migration"), "D", out var migration)
            && int.TryParse(xml.GetAttribute("attempt"), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            && long.TryParse(xml.GetAttribute("epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            && xml.GetAttribute("source") is { Length: > 0 } source
            && xml.GetAttribute("destination") is { Length: > 0 } destination
            ? new Mark
            {
                MigrationId = migration,
                Attempt = attempt,
                Epoch = epoch,
                Source = source,
                Destination = destination,
                DowntimeLimitBefore = ReadSpan(xml, "downtimeBefore"),
                MaxDowntime = ReadSpan(xml, "maxDowntime"),
                AfterSequence = xml.GetAttribute("afterSequence") is { } sequence ? XmlConvert.ToInt64(sequence) : 0,
            }
            : null;

    private static void WriteSpan(XmlWriter xml, string name, TimeSpan? value)
    {
        if (value is { } span)
        {
            xml.WriteAttributeString(name, XmlConvert.ToString(span));
        }
    }

    private static TimeSpan? ReadSpan(XmlReader xml, string name) => xml.GetAttribute(name) is { } text ? XmlConvert.ToTimeSpan(text) : null;
}
