// Which folder may import from which, and that no files import each other in a cycle. Types count as well.
const COMPONENT = "(mlWorkspace|registeredModel|scoringImage|aksCluster|scoringService)";
const PRODUCT = "^(index\\.ts$|components/|dataplane/)";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycle",
      comment: "Move what both files need into a third one.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-unknown-module",
      comment: "The file is gone, or the package is not in package.json.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "product-stands-alone",
      comment: "The program and its plugin run in Azure, where there is no sandbox and no test.",
      severity: "error",
      from: { path: PRODUCT },
      to: { path: "^(sandbox|test|bench|examples|tools)/" },
    },
    {
      name: "product-without-development-packages",
      comment: "Who deploys installs no development packages: move the package to `dependencies`.",
      severity: "error",
      from: { path: PRODUCT },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "dataplane-without-components",
      comment: "The plugin is a process of its own; what it shares is in dataplane/contract.ts.",
      severity: "error",
      from: { path: "^dataplane/" },
      to: { path: "^(components/|index\\.ts$)" },
    },
    {
      name: "components-by-the-contract",
      comment: "Of the plugin, components know its contract, and how both find who signs in.",
      severity: "error",
      from: { path: "^(components/|index\\.ts$)" },
      to: {
        path: "^dataplane/",
        pathNot: "^dataplane/(contract|signIn/(kubelogin|settings|signIn))\\.ts$",
      },
    },
    {
      name: "component-by-its-class",
      comment: "Of another component, a component knows the class, the types and the options.",
      severity: "error",
      from: { path: `^components/${COMPONENT}/` },
      to: {
        path: `^components/${COMPONENT}/`,
        pathNot: ["^components/$1/", "^components/([^/]+)/(\\1|config)\\.ts$"],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "sandbox-without-components",
      comment: "The sandbox runs any program: it deploys this one as a user does, by `pulumi up`.",
      severity: "error",
      from: { path: "^sandbox/" },
      to: { path: "^(components/|index\\.ts$|test/|bench/)" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^\\.(sandbox|build)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
