using Drover;

return await CommandLine.Run(args, Terminal.OfProcess());
