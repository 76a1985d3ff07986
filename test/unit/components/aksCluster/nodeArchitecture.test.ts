import { isArmSize } from "../../../../components/aksCluster/nodeArchitecture";
import { read, service } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";

inFolderWith(SAMPLE_PROJECT);

const DIGEST = `registry.example/image@sha256:${"0".repeat(64)}`;
const CLUSTER = { nodes: { vmSize: "Standard_D4ps_v5" } };

function faults(services: Readonly<Record<string, unknown>>) {
  return read({ cluster: CLUSTER, services }).faults;
}

it.each(["Standard_D4ps_v5", "Standard_D2pds_v6", "Standard_E96ps_v6", "Standard_B2pts_v2"])(
  "%s has Arm machines",
  (size) => {
    expect(isArmSize(size)).toBe(true);
  },
);

it.each([
  "Standard_D4s_v5",
  "Standard_NP10s",
  "Standard_E4-2ds_v5",
  "Standard_DC4as_cc_v5",
  "Standard_NC24ads_A100_v4",
  "Standard_B2ms",
])("%s has not", (size) => {
  expect(isArmSize(size)).toBe(false);
});

it("refuses Arm nodes for an image that is built, which is for amd64", () => {
  expect(faults({ "aks-service-1": service() })).toEqual([
    {
      key: "azureml-aks:cluster.nodes.vmSize",
      value: "Standard_D4ps_v5",
      rule: "must be a size of amd64 machines: it is one of Arm machines, on which the image that aks-service-1 builds does not run",
      remedy: "choose a size without a p after the number, or name images of Arm by image.digest",
    },
  ]);
});

it("takes Arm nodes for images that somebody else has built, and while there is no service", () => {
  const given = { models: ["best_model"], image: { digest: DIGEST } };
  expect(faults({ given })).toEqual([]);
  expect(faults({})).toEqual([]);
});
