using System.Runtime.InteropServices;

namespace Drover.Libvirt.Handles;

/// <summary>A C string that libvirt allocated and leaves to us: copied, then freed with C's own free.</summary>
internal sealed unsafe class OwnedString() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    /// <summary>The text; the memory is freed. Call once, in the statement that made the native call, so that the error is still this thread's last.</summary>
    internal string Take()
    {
        using (this)
        {
            return IsInvalid ? throw LibvirtException.Last() : Marshal.PtrToStringUTF8(handle)!;
        }
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
