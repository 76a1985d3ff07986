// The least that any Pulumi program does.
require("@pulumi/pulumi");
process.on("exit", () => process.send?.({ peakKiB: process.resourceUsage().maxRSS }));
