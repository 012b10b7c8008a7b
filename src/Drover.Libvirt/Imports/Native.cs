using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Drover.Libvirt.Imports;

/// <summary>
/// Ring one: libvirt's functions under libvirt's names, and nothing else. Only the handles and nouns of this project call them.
/// Every function listed here is in the list that the tests compare with, beside what frees its result.
/// </summary>
internal static unsafe partial class Native
{
    /// <summary>The run-time library's own name: plain "libvirt" is only found where the development package is installed.</summary>
    internal const string Library = "libvirt.so.0";

    [LibraryImport(Library)]
    internal static partial int virInitialize();

    [LibraryImport(Library)]
    internal static partial void virSetErrorFunc(nint userData, delegate* unmanaged<nint, nint, void> handler);

    [LibraryImport(Library)]
    internal static partial int virGetLastErrorCode();

    [LibraryImport(Library)]
    internal static partial int virGetLastErrorDomain();

    /// <summary>Libvirt owns the text, per thread, until its next call there: copied at once, never freed.</summary>
    [LibraryImport(Library)]
    internal static partial nint virGetLastErrorMessage();

    [LibraryImport(Library)]
    internal static partial int virEventRegisterDefaultImpl();

    [LibraryImport(Library)]
    internal static partial int virEventRunDefaultImpl();
}
