// Evaluates the program once, under mocks, with the sandbox's configuration: everything that
// `pulumi preview` makes the Node process do, without engine and providers.
//
//   node bench/evaluation/program.js [SERVICES]       how many services to add to the sample's, none by default
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { load } = require("js-yaml");
const withServices = require("../services/withServices.js");

const OUTPUTS = {
  result: "a1b2c3d4",
  primaryEndpoints: { blob: "https://storage.example/" },
  repoDigest: "registry.example/image@sha256:feed",
  status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } },
};
const CALLS = {
  getDatastore: { properties: { datastoreType: "AzureBlob", containerName: "container" } },
  listManagedClusterUserCredentials: {
    kubeconfigs: [{ value: Buffer.from('{"users": []}').toString("base64") }],
  },
};

async function main() {
  const file = load(fs.readFileSync("Pulumi.sandbox.yaml", "utf8"));
  const config = withServices(file.config, Number(process.argv[2] ?? 0));
  const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key, text(value)])),
  );
  const client = { objectId: "o", subscriptionId: "s", tenantId: "t", clientId: "c" };
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({
        id: `/subscriptions/s/resourceGroups/g/providers/p/t/${name}`,
        state: { ...OUTPUTS, ...inputs },
      }),
      call: ({ token }) => ({ ...client, ...CALLS[token.split(":").pop()] }),
    },
    "azureml-aks",
    "bench",
    true,
    "organization",
  );
  await require("../../program.js")();
  await pulumi.runtime.disconnect();
}

process.on("exit", () => process.send?.({ peakKiB: process.resourceUsage().maxRSS }));
void main();
