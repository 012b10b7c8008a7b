namespace Drover.Standalone.Tests;

/// <summary>Site files for tests.</summary>
internal static class SiteText
{
    /// <summary>A file that is right: a bad one is this with one thing changed.</summary>
    public const string Good =
        """
        data: state
        listen: 127.0.0.1:0
        limits: {out: 2, in: 2}
        links:
          lan: 1 Gbit
        hosts:
          host-a:
            simulated:
              memory: 64 GiB
              link: lan
              guests:
                web:
                  memory: 4 GiB
                  used: 1 GiB
                  hot: 200 MiB
                  dirty: 40 MiB/s
          host-b:
            simulated:
              memory: 64 GiB
              link: lan
          node-1:
            libvirt:
              uri: qemu+tcp://10.0.0.2/system
        """;
}
