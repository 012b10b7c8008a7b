using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Drover.Settings;

/// <summary>
/// A role's settings: a JSON file with a section for each part, and environment variables over it (<c>DROVER_Store__ConnectionString</c>). What is wrong
/// stops the start with a sentence: a setting that does not exist is a typing error that would otherwise show at night.
/// </summary>
internal static class SettingsFile
{
    private static readonly string[] _sections = ["Store", "Bus", "Agent", "Coordinator", "Api", "Libvirt", "Log"];

    /// <summary>Reads the file, where one is given, and the environment.</summary>
    public static IConfigurationRoot Read(FileInfo? file)
    {
        var builder = new ConfigurationBuilder();
        if (file is not null)
        {
            if (!file.Exists)
                throw Bad($"There is no settings file \"{file.FullName}\".");
            builder.AddJsonFile(file.FullName, optional: false, reloadOnChange: false);
        }
        try
        {
            RefuseUnknownSections(builder.Build(), file);
            return builder.AddEnvironmentVariables("DROVER_").Build();
        }
        catch (InvalidDataException error)
        {
            throw Bad($"The settings file \"{file}\" cannot be read: {Innermost(error).Message}");
        }
    }

    /// <summary>One part's settings, checked.</summary>
    public static T Section<T>(this IConfiguration configuration, string name)
        where T : class, new()
    {
        var section = configuration.GetSection(name);
        RefuseUnknown(section, typeof(T));
        var settings = new T();
        try
        {
            section.Bind(settings);
        }
        catch (InvalidOperationException error)
        {
            throw Bad(error.Message);
        }
        Check(name, settings);
        return settings;
    }

    private static void Check(string name, object settings)
    {
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(settings, new ValidationContext(settings), faults, validateAllProperties: true))
            throw Bad(faults[0].ErrorMessage!.StartsWith(name, StringComparison.Ordinal) ? faults[0].ErrorMessage! : $"{name}: {faults[0].ErrorMessage}");
        foreach (var property in settings.GetType().GetProperties())
        {
            var value = property.GetValue(settings);
            if (property.Name.EndsWith("File", StringComparison.Ordinal) && value is string path && !File.Exists(path))
                throw Bad($"{name}:{property.Name} \"{path}\" does not exist.");
            if (value is not null && IsPart(property.PropertyType))
                Check($"{name}:{property.Name}", value);
        }
    }

    private static void RefuseUnknownSections(IConfigurationRoot file, FileInfo? where)
    {
        if (file.GetChildren().FirstOrDefault(section => !_sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw Bad($"The settings file \"{where}\" has a section \"{unknown.Key}\", which is none of {string.Join(", ", _sections)}.");
    }

    private static void RefuseUnknown(IConfigurationSection section, Type type)
    {
        foreach (var child in section.GetChildren())
        {
            if (type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase) is not { CanWrite: true } property)
                throw Bad($"{child.Path} is no setting; {section.Path} has {string.Join(", ", type.GetProperties().Where(p => p.CanWrite).Select(p => p.Name))}.");
            if (IsPart(property.PropertyType))
                RefuseUnknown(child, property.PropertyType);
        }
    }

    private static bool IsPart(Type type) => type is { IsClass: true, Namespace: { } space } && space.StartsWith("Drover", StringComparison.Ordinal);

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    private static ExitException Bad(string sentence) => new(Exit.Usage, sentence);
}
