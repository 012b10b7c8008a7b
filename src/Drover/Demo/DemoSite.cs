using Drover.Sites;

namespace Drover.Demo;

/// <summary>The demo's hosts and guests: a site's file like any other.</summary>
internal static class DemoSite
{
    /// <summary>A link for each host, so that the moves do not slow each other down more than the story wants; two may leave a host at once.</summary>
    private const string Yaml =
        """
        listen: 127.0.0.1:0
        limits: {out: 2, in: 2}
        links: {link-a: 2 Gbit, link-b: 1 Gbit, link-c: 1 Gbit}
        hosts:
          host-a:
            simulated:
              memory: 64 GiB
              link: link-a
              guests:
                web: {memory: 1 GiB, used: 300 MiB, hot: 20 MiB, dirty: 10 MiB/s}
                db: {memory: 2 GiB, used: 220 MiB, hot: 180 MiB, dirty: 60 MiB/s, processors: 4}
                mail: {memory: 1 GiB, used: 200 MiB, hot: 10 MiB, dirty: 5 MiB/s}
          host-b:
            simulated:
              memory: 64 GiB
              link: link-b
              guests:
                batch: {memory: 1 GiB, used: 150 MiB, hot: 150 MiB, dirty: 2 GiB/s, processors: 8}
          host-c:
            simulated: {memory: 64 GiB, link: link-c}
        """;

    /// <summary>The site, kept in a folder.</summary>
    public static Site In(string folder) => SiteFile.Parse(Yaml, Path.Combine(folder, "drover.yaml")) with { Data = folder };
}
