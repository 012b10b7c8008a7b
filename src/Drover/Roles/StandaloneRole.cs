using Drover.Settings;
using Drover.Sites;
using Drover.Standalone;

namespace Drover.Roles;

/// <summary><c>drover standalone</c>.</summary>
internal static class StandaloneRole
{
    /// <summary>Runs a site until it is told to stop. Only the log's settings come from the environment (<c>DROVER_Log__Level</c>): the rest is the site's.</summary>
    public static async Task<int> Run(Site site)
    {
        using var folder = DataFolder.Take(site.Data);
        return await Role.Run("standalone", SettingsFile.Read(null), (_, prepare) => StandaloneProgram.Build(site, folder, prepare), StandaloneProgram.Prepare);
    }
}
