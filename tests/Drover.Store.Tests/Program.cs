using Drover.Store.Tests.Contract;
using Xunit.Runner.InProc.SystemConsole;

// MassTransit reports its usage to its makers unless told not to; tests talk to nobody.
Environment.SetEnvironmentVariable("MASSTRANSIT_USAGE_TELEMETRY", "false");
return args is ["child", .. var rest] ? await Child.Run(rest) : await ConsoleRunner.Run(args);
