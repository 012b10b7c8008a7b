using System.Globalization;
using System.Text;
using Drover.Sites;

namespace Drover.Standalone.Tests;

/// <summary>One sentence with file, line and what would be right; exit code 2; nothing begun.</summary>
public sealed class When_a_site_file_is_bad : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("drover-site-test-").FullName;

    public static TheoryData<string, string, int, string> Changes => new()
    {
        // What stands in the good file, what stands there instead, the line, a part of the sentence.
        { "memory: 64 GiB", "memroy: 64 GiB", 9, "\"memroy\" is no setting of a simulated host: did you mean \"memory\"?" },
        { "limits:", "limit:", 3, "\"limit\" is no setting of a site: did you mean \"limits\"?" },
        { "listen:", "colour:", 2, "\"colour\" is no setting of a site; it has data, listen, limits, links, hosts." },
        { "dirty: 40 MiB/s", "durty: 40 MiB/s", 16, "\"durty\" is no setting of guest \"web\": did you mean \"dirty\"?" },
        { "limits: {out: 2", "limits: {out: -1", 3, "\"out\" is -1; it is a whole number from 0 to 64." },
        { "limits: {out: 2", "limits: {out: 65", 3, "\"out\" is 65; it is a whole number from 0 to 64." },
        { "limits: {out: 2", "limits: {out: two", 3, "\"out\" is two; it is a whole number" },
        { "limits: {out: 2, in: 2}", "limits: 2", 3, "\"limits\" consists of names with values (out, in)" },
        { "memory: 4 GiB", "memory: -4 GiB", 13, "\"memory\" is -4 GiB; it cannot be negative: write it like 4 GiB." },
        { "memory: 4 GiB", "memory: 0 GiB", 13, "\"memory\" is 0 GiB; that is too little" },
        { "memory: 4 GiB", "memory: 4000 TiB", 13, "\"memory\" is 4000 TiB; that is too much" },
        { "memory: 4 GiB", "memory: 999999999999999999 TiB", 13, "write it with its unit, like 4 GiB." },
        { "memory: 4 GiB", "memory: 4", 13, "\"memory\" is \"4\"; write it with its unit, like 4 GiB." },
        { "memory: 4 GiB", "memory: 4 G", 13, "\"memory\" is \"4 G\"; write it with its unit, like 4 GiB." },
        { "memory: 4 GiB", "memory: NaN GiB", 13, "write it with its unit" },
        { "memory: 4 GiB", "memory: [4, GiB]", 13, "\"memory\" is one value, not a list" },
        { "memory: 4 GiB", "processors: 1", 12, "guest \"web\" needs \"memory\", for example memory: 4 GiB." },
        { "memory: 4 GiB", "memory: 100 GiB", 7, "the guests of \"host-a\" have more memory than the host" },
        { "used: 1 GiB", "used: 5 GiB", 14, "\"used\" is 5 GiB; that is too much" },
        { "hot: 200 MiB", "hot: 2 GiB", 15, "\"hot\" is 2 GiB; that is too much" },
        { "dirty: 40 MiB/s", "dirty: 40 MiB", 16, "\"dirty\" is \"40 MiB\"; write it with its unit, like 40 MiB/s." },
        { "dirty: 40 MiB/s", "dirty: -40 MiB/s", 16, "it cannot be negative" },
        { "dirty: 40 MiB/s", "uuid: 12", 16, "\"uuid\" is \"12\"; it is written like" },
        { "        web:", "        we/b:", 12, "\"we/b\" is no guest's name" },
        { "lan: 1 Gbit", "lan:", 5, "link \"lan\" has no speed; write it like lan: 10 Gbit." },
        { "lan: 1 Gbit", "lan: {}", 5, "link \"lan\" has no speed" },
        { "lan: 1 Gbit", "lan: {speed: 0 Gbit}", 5, "\"speed\" is 0 Gbit; that is too little" },
        { "lan: 1 Gbit", "lan: fast", 5, "\"speed\" is \"fast\"; write it with its unit, like 10 Gbit." },
        { "lan: 1 Gbit", "lan: -1 Gbit", 5, "it cannot be negative" },
        { "      link: lan\n      guests", "      link: lam\n      guests", 10, "there is no link \"lam\" under \"links\": did you mean \"lan\"?" },
        { "      link: lan\n      guests", "      link: backbone\n      guests", 10, "there is no link \"backbone\" under \"links\"; write it there like backbone: 10 Gbit." },
        { "      link: lan\n      guests", "      guests", 9, "a simulated host needs \"link\", for example link: lan." },
        { "      memory: 64 GiB\n      link: lan\n  node-1", "      link: lan\n  node-1", 17, "simulated host \"host-b\" needs \"memory\"" },
        { "      link: lan\n  node-1", "      link: lan\n      guests: {web: {memory: 1 GiB}}\n  node-1", 21, "guest \"web\" is on host-b and on host-a (line 12); a guest begins on one host." },
        { "  host-b:\n", "  host-a:\n", 17, "\"host-a\" is here twice, first on line 7: keep one." },
        { "  host-b:\n", "  Host-A:\n", 17, "hosts \"host-a\" and \"Host-A\" differ in capitals only" },
        { "  host-b:\n", "  host b:\n", 17, "\"host b\" is no host's name" },
        { "  host-b:\n    simulated:\n      memory: 64 GiB\n      link: lan\n", "  host-b:\n", 17, "host \"host-b\" needs \"libvirt:\" or \"simulated:\"" },
        { "  host-b:\n    simulated:", "  host-b:\n    vmware:", 18, "\"vmware\" is no setting of host \"host-b\"; it has libvirt, simulated." },
        { "  host-b:\n    simulated:", "  host-b:\n    libvirt: {uri: a}\n    simulated:", 17, "host \"host-b\" has both \"libvirt:\" and \"simulated:\"" },
        { "uri: qemu+tcp://10.0.0.2/system", "uri: qemu:///system", 21, "host \"node-1\" needs \"peer\": its libvirt as the other hosts reach it" },
        { "uri: qemu+tcp://10.0.0.2/system", "uri: nonsense", 23, "\"uri\" is \"nonsense\"; write it like qemu+tcp://" },
        { "uri: qemu+tcp://10.0.0.2/system", "peer: x", 23, "a libvirt host needs \"uri\"" },
        { "uri: qemu+tcp://10.0.0.2/system", "uri: qemu+tcp://10.0.0.2/system\n      migrate: here", 21, "\"migrate\" of host \"node-1\" names no host" },
        { "uri: qemu+tcp://10.0.0.2/system", "uri: qemu+tcp://10.0.0.2/system\n      allowOtherHostName: yes please", 24, "it is true or false" },
        { "listen: 127.0.0.1:0", "listen: 0.0.0.0:80", 2, "\"listen\" is \"0.0.0.0:80\"; write it like 127.0.0.1:8480. It is on this machine only" },
        { "listen: 127.0.0.1:0", "listen: here", 2, "write it like 127.0.0.1:8480" },
        { "hosts:\n", "hosts: {}\nhost:\n", 7, "\"host\" is no setting of a site: did you mean \"hosts\"?" },
        { "data: state", "data: state\ndata: other", 2, "\"data\" is here twice, first on line 1" },
        { "lan: 1 Gbit", "lan: &speed 1 Gbit", 5, "anchors (&name) are not used here" },
        { "lan: 1 Gbit", "lan: *speed", 5, "aliases (*name) are not used here" },
        { "lan: 1 Gbit", "lan: !!int 1", 5, "tags (tag:yaml.org,2002:int) are not used here" },
        { "data: state", "data: {a: [", 1, "this is not YAML from about here on" },
        { "data: state", "\tdata: state", 2, "this is not YAML" },
        { "data: state", "data: \"state", 1, "this is not YAML" },
        { "data: state", "? [a]\n: b", 1, "a name was expected" },
        { "data: state", "data: state\n---", 2, "a second document begins here" },
    };

    public static TheoryData<string, int, string> Wholes => new()
    {
        { "", 1, "the file is empty" },
        { "# nothing but this\n", 1, "the file is empty" },
        { "---\n", 2, "a site consists of names with values" },
        { "just words", 1, "a site consists of names with values" },
        { "- a\n- b\n", 1, "a site consists of names with values" },
        { "data: here\n", 1, "a site needs \"hosts\"" },
        { "hosts:\n", 1, "a site needs \"hosts\"" },
        { "hosts: {}\n", 1, "\"hosts\" is empty" },
        { "{\"hosts\": 1}", 1, "\"hosts\" consists of names with values" },
        { "hosts:\n  a: 1\n", 2, "host \"a\" needs \"libvirt:\" or \"simulated:\"" },
        { "<html>\n<body>", 1, "a site consists of names" },
        { "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n", 1, "anchors (&name) are not used here" },
        { new string('[', 100_000), 1, "nested more than 16 deep" },
        { string.Concat(Enumerable.Range(0, 1000).Select(n => new string(' ', n) + "a:\n")), 16, "nested more than 16 deep" },
        { string.Concat(Enumerable.Repeat("{a: ", 100_000)), 1, "nested more than 16 deep" },
        { "data: x\nhosts: \0", 2, "zero character" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task One_changed_line_is_told_by_its_number(string good, string bad, int line, string sentence)
    {
        Assert.Contains(good, SiteText.Good, StringComparison.Ordinal);
        var at = SiteText.Good.IndexOf(good, StringComparison.Ordinal);
        await IsRefused(Encoding.UTF8.GetBytes(SiteText.Good[..at] + bad + SiteText.Good[(at + good.Length)..]), line, sentence);
    }

    [Theory]
    [MemberData(nameof(Wholes))]
    public Task A_file_of_another_kind_is_told(string text, int line, string sentence) => IsRefused(Encoding.UTF8.GetBytes(text), line, sentence);

    [Fact]
    public Task A_file_that_is_no_text_is_told() => IsRefused([.. "data: x\n"u8, 0xFF, 0xFE, 0x00], 2, "no UTF-8 text");

    [Fact]
    public async Task A_file_of_100_MB_is_not_read()
    {
        var path = Path.Combine(folder, "site.yaml");
        await using (var file = File.Create(path))
            file.SetLength(100_000_000);
        var before = GC.GetTotalAllocatedBytes();

        Assert.Equal($"drover: \"{path}\" is larger than 1 MiB; a site's file never is. Is it the right one?\n", await Refusal(path));
        Assert.True(GC.GetTotalAllocatedBytes() - before < 20_000_000);
    }

    [Fact]
    public async Task A_file_that_never_ends_is_not_read() =>
        Assert.Contains("is larger than 1 MiB", await Refusal("/dev/zero"), StringComparison.Ordinal);

    [Fact]
    public async Task A_folder_is_told() => Assert.Equal($"drover: \"{folder}\" is a folder; a site is one YAML file.\n", await Refusal(folder));

    [Fact]
    public async Task A_file_that_is_not_there_is_told() =>
        Assert.Equal($"drover: There is no file \"{folder}/none.yaml\". \"drover standalone --example\" prints one to begin with.\n", await Refusal($"{folder}/none.yaml"));

    [Fact]
    public async Task No_file_at_all_is_told()
    {
        var (code, error) = await Run("standalone");

        Assert.Equal(2, code);
        Assert.Contains("drover standalone --example > drover.yaml", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1:80")]
    [InlineData("https://127.0.0.1:80")]
    [InlineData("http://127.0.0.1:80/path")]
    [InlineData("127.0.0.1:99999")]
    public async Task An_address_on_the_command_line_that_others_reach_or_that_is_none_is_told(string listen)
    {
        var path = await Write(Encoding.UTF8.GetBytes(SiteText.Good));

        var (code, error) = await Run("standalone", "--config", path, "--listen", listen);

        Assert.Equal(2, code);
        Assert.StartsWith($"drover: --listen is \"{listen}\"; write it like 127.0.0.1:8480.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_slip_of_the_hand_makes_of_a_file_it_is_read_or_refused_and_nothing_else()
    {
        var random = new Random(20261123);
        const string Slips = " \t\n:-[]{}\"'#&*!|>%@,?~0a\u00e9";
        for (var time = 0; time < 3000; time++)
        {
            var text = new StringBuilder(SiteText.Good);
            for (var slip = random.Next(1, 5); slip > 0; slip--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) == 0 ? text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)) : text.Insert(at, Slips[random.Next(Slips.Length)]);
            }
            try
            {
                Assert.NotEmpty(SiteFile.Parse(text.ToString(), "/x").Hosts);
            }
            catch (SiteFault fault)
            {
                Assert.True(fault.Line >= 1 && fault.Message.Length is > 10 and < 500, fault.Message);
            }
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task IsRefused(byte[] text, int line, string sentence)
    {
        var path = await Write(text);

        var error = await Refusal(path);

        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"drover: {path}:{line}: "), error, StringComparison.Ordinal);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    private async Task<string> Write(byte[] text)
    {
        var path = Path.Combine(folder, "site.yaml");
        await File.WriteAllBytesAsync(path, text, TestContext.Current.CancellationToken);
        return path;
    }

    private async Task<string> Refusal(string path)
    {
        var (code, error) = await Run("standalone", "--config", path, "--data", Path.Combine(folder, "state"));

        Assert.Equal(2, code);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.False(Directory.Exists(Path.Combine(folder, "state")));
        return error;
    }

    private static async Task<(int Code, string Error)> Run(params string[] args)
    {
        using var error = new StringWriter { NewLine = "\n" };
        using var output = new StringWriter();
        var code = await CommandLine.Run(args, new Terminal { Out = output, Error = error, Live = false, Colour = false });
        Assert.Empty(output.ToString());
        return (code, error.ToString());
    }
}
