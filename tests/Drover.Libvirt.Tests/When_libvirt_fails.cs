using System.Runtime.InteropServices;

namespace Drover.Libvirt.Tests;

public sealed class When_libvirt_fails
{
    /// <summary>Numbers from libvirt's virterror.h; domain 7 is its wire, 10 is QEMU.</summary>
    [Theory]
    [InlineData(1, 7, nameof(LibvirtException.IsConnectionLost))]
    [InlineData(38, 7, nameof(LibvirtException.IsConnectionLost))]
    [InlineData(1, 10, null)]
    [InlineData(38, 10, null)]
    [InlineData(5, 0, nameof(LibvirtException.IsConnectionLost))]
    [InlineData(6, 0, nameof(LibvirtException.IsConnectionLost))]
    [InlineData(39, 7, nameof(LibvirtException.IsConnectionLost))]
    [InlineData(45, 7, nameof(LibvirtException.IsConnectionLost))]
    [InlineData(42, 10, nameof(LibvirtException.GuestIsGone))]
    [InlineData(3, 10, nameof(LibvirtException.NotSupported))]
    [InlineData(67, 10, nameof(LibvirtException.NotSupported))]
    [InlineData(74, 10, nameof(LibvirtException.NotSupported))]
    [InlineData(84, 10, nameof(LibvirtException.NotSupported))]
    [InlineData(68, 10, nameof(LibvirtException.IsBusy))]
    [InlineData(87, 10, nameof(LibvirtException.IsBusy))]
    [InlineData(78, 10, nameof(LibvirtException.IsAborted))]
    [InlineData(55, 10, nameof(LibvirtException.IsWrongState))]
    [InlineData(80, 20, nameof(LibvirtException.MetadataIsMissing))]
    [InlineData(9, 10, null)]
    public void Its_number_means_one_thing(int code, int domain, string? meaning)
    {
        var error = new LibvirtException(code, domain, "words");
        (string Name, bool Said)[] meanings =
        [
            (nameof(error.IsConnectionLost), error.IsConnectionLost),
            (nameof(error.GuestIsGone), error.GuestIsGone),
            (nameof(error.NotSupported), error.NotSupported),
            (nameof(error.IsBusy), error.IsBusy),
            (nameof(error.IsAborted), error.IsAborted),
            (nameof(error.IsWrongState), error.IsWrongState),
            (nameof(error.MetadataIsMissing), error.MetadataIsMissing),
        ];
        Assert.Equal(meaning is null ? [] : [meaning], meanings.Where(m => m.Said).Select(m => m.Name));
        Assert.Equal(error.IsConnectionLost || error.IsBusy, error.IsTransient);
    }

    [Fact]
    public void Nothing_is_printed_to_stderr()
    {
        using var host = new TestHost();
        var file = Path.GetTempFileName();
        var stderr = dup(2);
        try
        {
            using (var stream = File.OpenWrite(file))
            {
                Assert.Equal(2, dup2((int)stream.SafeFileHandle.DangerousGetHandle(), 2));
                Assert.Throws<LibvirtException>(() => host.Connection.FindGuest("nobody"));
            }
        }
        finally
        {
            _ = dup2(stderr, 2);
            _ = close(stderr);
        }

        Assert.DoesNotContain("libvirt", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase);
        File.Delete(file);
    }

    [DllImport("libc")]
    private static extern int dup(int descriptor);

    [DllImport("libc")]
    private static extern int dup2(int from, int to);

    [DllImport("libc")]
    private static extern int close(int descriptor);
}
