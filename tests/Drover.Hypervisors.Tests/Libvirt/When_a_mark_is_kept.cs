using Drover.Hypervisors.Libvirt;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Tests.Libvirt;

public sealed class When_a_mark_is_kept
{
    internal static readonly Mark Full = new()
    {
        MigrationId = Guid.Parse("0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000"), Attempt = 2, Epoch = 7, Source = "host-a", Destination = "host-b & <\"co\">",
        DowntimeLimitBefore = TimeSpan.FromMilliseconds(300), MaxDowntime = TimeSpan.FromMilliseconds(1_500), AfterSequence = 4,
    };

    [Fact]
    public void It_reads_back_as_it_was_written()
    {
        Assert.Equal(Full, MarkXml.Read(MarkXml.Write(Full)));
        var bare = Full with { DowntimeLimitBefore = null, MaxDowntime = null, AfterSequence = 0 };
        Assert.Equal(bare, MarkXml.Read(MarkXml.Write(bare)));
    }

    [Fact]
    public void Its_text_is_one_plain_element() => Assert.Equal(
        """<mark migration="0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000" attempt="2" epoch="7" source="host-a" destination="host-b &amp; &lt;&quot;co&quot;&gt;" downtimeBefore="PT0.3S" maxDowntime="PT1.5S" afterSequence="4" />""",
        MarkXml.Write(Full));

    [Fact]
    public void A_later_release_may_have_added_to_it()
        => Assert.Equal(Full, MarkXml.Read(MarkXml.Write(Full).Replace("<mark", "<mark xmlns=\"urn:drover:mark:1\" new=\"1\"", StringComparison.Ordinal)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("<mark")]
    [InlineData("<mark/>")]
    [InlineData("<mark xmlns='urn:other' migration='0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000' attempt='1' epoch='1' source='a' destination='b'/>")]
    [InlineData("<other migration='0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000' attempt='1' epoch='1' source='a' destination='b'/>")]
    [InlineData("<mark migration='none' attempt='1' epoch='1' source='a' destination='b'/>")]
    [InlineData("<mark migration='0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000' attempt='99999999999' epoch='1' source='a' destination='b'/>")]
    [InlineData("<mark migration='0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000' attempt='1' epoch='-1' source='a' destination='b'/>")]
    [InlineData("<mark migration='0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000' attempt='1' epoch='1' source='a' destination='b' maxDowntime='soon'/>")]
    [InlineData("<mark migration='0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000' attempt='1' epoch='1' source='a' destination='b' maxDowntime='P99999999999Y'/>")]
    [InlineData("<mark migration='0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000' attempt='1' epoch='1' source='a' destination='b' afterSequence='x'/>")]
    [InlineData("<!DOCTYPE m [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><mark migration='0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000' attempt='1' epoch='1' source='&e;' destination='b'/>")]
    public void Garbage_is_no_mark(string? text) => Assert.Null(MarkXml.Read(text));

    [Fact]
    public void Every_cut_of_it_is_no_mark()
    {
        var text = MarkXml.Write(Full);
        Assert.All(Enumerable.Range(0, text.Length - 1), length => Assert.Null(MarkXml.Read(text[..length])));
    }

    [Fact]
    public void A_huge_one_is_not_read() => Assert.Null(MarkXml.Read(MarkXml.Write(Full with { Source = new string('a', 10_000) })));
}
