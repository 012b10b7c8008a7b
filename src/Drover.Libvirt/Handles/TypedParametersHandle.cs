using System.Runtime.InteropServices;
using Drover.Libvirt.Imports;

namespace Drover.Libvirt.Handles;

/// <summary>A list of virTypedParameter: built for a call, or read from an answer. What is missing reads as null; a wrong type is an error.</summary>
internal sealed class TypedParametersHandle : SafeHandle
{
    private int _count;
    private int _capacity;

    public TypedParametersHandle() : base(0, ownsHandle: true)
    {
    }

    private TypedParametersHandle(nint parameters, int count, bool owns) : base(0, owns)
    {
        SetHandle(parameters);
        _count = count;
    }

    public override bool IsInvalid => handle == 0;

    internal int Count => _count;

    /// <summary>A list that a callback was given: libvirt frees it when the callback returns.</summary>
    internal static TypedParametersHandle Borrow(nint parameters, int count) => new(parameters, count, owns: false);

    internal static TypedParametersHandle OfJob(DomainHandle domain, uint flags, out int type)
    {
        LibvirtException.Check(Native.virDomainGetJobStats(domain, out type, out var parameters, out var count, flags));
        return new TypedParametersHandle(parameters, count, owns: true);
    }

    internal TypedParametersHandle Add(string name, string? value)
    {
        if (value is not null)
        {
            var result = Native.virTypedParamsAddString(ref handle, ref _count, ref _capacity, name, value);
            LibvirtException.Check(result);
        }

        return this;
    }

    internal TypedParametersHandle Add(string name, ulong? value)
    {
        if (value is { } number)
        {
            LibvirtException.Check(Native.virTypedParamsAddULLong(ref handle, ref _count, ref _capacity, name, number));
        }

        return this;
    }

    internal TypedParametersHandle Add(string name, int? value)
    {
        if (value is { } number)
        {
            LibvirtException.Check(Native.virTypedParamsAddInt(ref handle, ref _count, ref _capacity, name, number));
        }

        return this;
    }

    internal ulong? UInt64(string name) => Found(Native.virTypedParamsGetULLong(this, _count, name, out var value)) ? value : null;

    internal int? Int32(string name) => Found(Native.virTypedParamsGetInt(this, _count, name, out var value)) ? value : null;

    internal string? Text(string name) => Found(Native.virTypedParamsGetString(this, _count, name, out var value)) ? Marshal.PtrToStringUTF8(value) : null;

    protected override bool ReleaseHandle()
    {
        Native.virTypedParamsFree(handle, _count);
        return true;
    }

    private static bool Found(int result) => result switch
    {
        1 => true,
        0 => false,
        _ => throw LibvirtException.Last(),
    };
}
