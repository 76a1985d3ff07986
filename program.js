// What Pulumi runs: index.ts, compiled. Of the providers' SDKs only the classes in use come along; the
// SDK's core stays outside, since Pulumi itself has loaded it, and conda's library, which loads its
// WebAssembly from its own folder.
module.exports = require("./compile")("program", "index.ts", {
  external: ["@pulumi/pulumi", "@pulumi/pulumi/*", "@conda-org/rattler"],
});
