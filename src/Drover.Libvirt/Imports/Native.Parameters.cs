using System.Runtime.InteropServices;
using Drover.Libvirt.Handles;

namespace Drover.Libvirt.Imports;

internal static unsafe partial class Native
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virTypedParamsAddString(ref nint parameters, ref int count, ref int capacity, string name, string value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virTypedParamsAddULLong(ref nint parameters, ref int count, ref int capacity, string name, ulong value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virTypedParamsAddInt(ref nint parameters, ref int count, ref int capacity, string name, int value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virTypedParamsGetULLong(TypedParametersHandle parameters, int count, string name, out ulong value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virTypedParamsGetInt(TypedParametersHandle parameters, int count, string name, out int value);

    /// <summary>The text belongs to the list: copied, never freed.</summary>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virTypedParamsGetString(TypedParametersHandle parameters, int count, string name, out nint value);

    [LibraryImport(Library)]
    internal static partial void virTypedParamsFree(nint parameters, int count);
}
