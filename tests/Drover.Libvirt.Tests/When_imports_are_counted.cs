using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Drover.Libvirt.Imports;

namespace Drover.Libvirt.Tests;

/// <summary>Bind little, and list what is bound: a new function is added here with what frees its result, an unused one is taken out.</summary>
public sealed partial class When_imports_are_counted
{
    private const string Nothing = "";

    /// <summary>Each function that the design needs, and what must be called for what it returns.</summary>
    private static readonly Dictionary<string, string> s_designed = new()
    {
        ["virInitialize"] = Nothing,
        ["virSetErrorFunc"] = Nothing,
        ["virGetLastErrorCode"] = Nothing,
        ["virGetLastErrorDomain"] = Nothing,
        ["virGetLastErrorMessage"] = Nothing,
        ["virEventRegisterDefaultImpl"] = Nothing,
        ["virEventRunDefaultImpl"] = Nothing,
        ["virConnectOpen"] = "virConnectClose",
        ["virConnectClose"] = Nothing,
        ["virConnectSetKeepAlive"] = Nothing,
        ["virConnectRegisterCloseCallback"] = "virConnectUnregisterCloseCallback",
        ["virConnectUnregisterCloseCallback"] = Nothing,
        ["virConnectDomainEventRegisterAny"] = "virConnectDomainEventDeregisterAny",
        ["virConnectDomainEventDeregisterAny"] = Nothing,
        ["virConnectListAllDomains"] = "virDomainFree",
        ["virConnectGetHostname"] = "OwnedString",
        ["virConnectGetCapabilities"] = "OwnedString",
        ["virConnectGetLibVersion"] = Nothing,
        ["virConnectGetVersion"] = Nothing,
        ["virNodeGetInfo"] = Nothing,
        ["virNodeGetMemoryStats"] = Nothing,
        ["virDomainLookupByName"] = "virDomainFree",
        ["virDomainLookupByUUID"] = "virDomainFree",
        ["virDomainFree"] = Nothing,
        ["virDomainUndefineFlags"] = Nothing,
        ["virDomainGetName"] = Nothing,
        ["virDomainGetUUID"] = Nothing,
        ["virDomainGetState"] = Nothing,
        ["virDomainGetInfo"] = Nothing,
        ["virDomainIsPersistent"] = Nothing,
        ["virDomainGetMetadata"] = "OwnedString",
        ["virDomainSetMetadata"] = Nothing,
        ["virDomainGetJobStats"] = "virTypedParamsFree",
        ["virDomainAbortJob"] = Nothing,
        ["virDomainMigrateToURI3"] = Nothing,
        ["virDomainMigrateGetMaxDowntime"] = Nothing,
        ["virDomainMigrateSetMaxDowntime"] = Nothing,
        ["virDomainMigrateSetMaxSpeed"] = Nothing,
        ["virTypedParamsAddString"] = "virTypedParamsFree",
        ["virTypedParamsAddULLong"] = "virTypedParamsFree",
        ["virTypedParamsAddInt"] = "virTypedParamsFree",
        ["virTypedParamsGetULLong"] = Nothing,
        ["virTypedParamsGetInt"] = Nothing,
        ["virTypedParamsGetString"] = Nothing,
        ["virTypedParamsFree"] = Nothing,
    };

    private static readonly MethodInfo[] s_bound = [.. typeof(Native).GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(m => Name().IsMatch(m.Name))];

    [Fact]
    public void They_are_those_of_the_design() => Assert.Equal(s_designed.Keys.Order(), s_bound.Select(m => m.Name).Order());

    [Fact]
    public void The_installed_library_has_each()
    {
        var library = NativeLibrary.Load(Native.Library);
        Assert.All(s_designed.Keys, name => Assert.True(NativeLibrary.TryGetExport(library, name, out _), name));
    }

    [Fact]
    public void What_frees_a_result_is_bound_and_called()
    {
        var calls = Callers();
        foreach (var (name, frees) in s_designed.Where(pair => pair.Value != Nothing))
        {
            if (frees == "OwnedString")
            {
                Assert.Equal(frees, s_bound.Single(m => m.Name == name).ReturnType.Name);
            }
            else
            {
                Assert.Contains($"Native.{frees}(", calls, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Each_is_called()
    {
        var calls = Callers();
        Assert.All(s_designed.Keys, name => Assert.Contains($"Native.{name}(", calls, StringComparison.Ordinal));
    }

    [GeneratedRegex("^vir[A-Z][A-Za-z0-9]+$")]
    private static partial Regex Name();

    /// <summary>The project's own text, without the imports.</summary>
    private static string Callers()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Workers.sln")))
        {
            root = root.Parent ?? throw new DirectoryNotFoundException("no Workers.sln above the tests");
        }

        var project = Path.Combine(root.FullName, "src", "Drover.Libvirt");
        return string.Concat(Directory.GetFiles(project, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) != "Imports").Select(File.ReadAllText));
    }
}
