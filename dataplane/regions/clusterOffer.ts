import { isDeepStrictEqual } from "node:util";
import type { Inputs } from "@pulumi/pulumi";
import type { CheckFailure } from "@pulumi/pulumi/provider";
import { refusal } from "../refusal";
import { stringInput, type ResourceType } from "../resourceType";
import { isKnown } from "../unknown";
import { kubernetesVersions } from "./kubernetesVersions";
import { vmSizes } from "./vmSizes";

/** What of a cluster a region may not offer: a key of the configuration, and why. */
type Lack = readonly [key: string, reason: string];

const ALL_SIZES = (location: string) =>
  `choose one of \`az vm list-skus --location ${location} --resource-type virtualMachines --output table\``;

async function nodeLacks(inputs: Inputs): Promise<readonly Lack[]> {
  const [location, size] = [stringInput(inputs, "location"), stringInput(inputs, "vmSize")];
  const zones = (inputs.zones ?? []) as readonly string[];
  const sizes = await vmSizes(stringInput(inputs, "subscriptionId"), location);
  const found = sizes.find(({ name }) => name.toLowerCase() === size.toLowerCase());
  if (found === undefined) {
    const reason = `${size} is not offered to your subscription in ${location}; ${ALL_SIZES(location)}`;
    return [["cluster.nodes.vmSize", reason]];
  }
  const missing = zones.filter((zone) => !found.zones.includes(zone));
  if (missing.length === 0) return [];
  const [has, remedy] =
    found.zones.length > 0
      ? [`zones ${found.zones.join(", ")} only`, "name those"]
      : ["no zones", "remove the key"];
  return [["cluster.nodes.availabilityZones", `${location} has ${has} for ${size}; ${remedy}`]];
}

async function versionLacks(inputs: Inputs): Promise<readonly Lack[]> {
  if (!isKnown(inputs, "kubernetesVersion")) return [];
  const location = stringInput(inputs, "location");
  const wanted = stringInput(inputs, "kubernetesVersion");
  const plan = (inputs.supportPlan as string | undefined) ?? "KubernetesOfficial";
  const offers = await kubernetesVersions(stringInput(inputs, "subscriptionId"), location);
  const lack = (reason: string): readonly Lack[] => [["cluster.kubernetesVersion", reason]];
  const found = offers.find(
    ({ version, patchVersions }) => version === wanted || wanted in (patchVersions ?? {}),
  );
  if (found === undefined) {
    const all = offers.flatMap(({ version, patchVersions }) => [
      version,
      ...Object.keys(patchVersions ?? {}),
    ]);
    return lack(
      `AKS does not offer ${wanted} in ${location}; it offers ${all.toSorted().join(", ")}`,
    );
  }
  const plans = found.capabilities?.supportPlan ?? [plan];
  if (plans.includes(plan)) return [];
  const remedy = `set supportPlan to ${plans.join(" or ")}, or choose a newer version`;
  return lack(`AKS offers ${wanted} with ${plans.join(", ")} only in ${location}; ${remedy}`);
}

const NODES = ["location", "vmSize", "zones"];
const VERSION = ["location", "kubernetesVersion", "supportPlan"];

/** Asks for what is new; where Azure does not say, it refuses the cluster itself. */
async function lacks(news: Inputs, olds: Inputs | undefined): Promise<readonly Lack[]> {
  const isNew = (keys: readonly string[]) =>
    olds === undefined
      ? !isKnown(news, "clusterId")
      : keys.some((key) => !isDeepStrictEqual(olds[key], news[key]));
  const asked = [
    ...(isNew(NODES) ? [nodeLacks(news)] : []),
    ...(isNew(VERSION) ? [versionLacks(news)] : []),
  ];
  const answers = await Promise.allSettled(asked);
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
}

/**
 * What a cluster asks of its region. The preview holds it against what the region offers, as long as the
 * cluster is not made, and again when it changes: what runs already is not questioned.
 */
export const clusterOffer: ResourceType = {
  identity: [],
  content: ["clusterId", ...new Set([...NODES, ...VERSION])],

  async refusals(urn, news, olds): Promise<readonly CheckFailure[]> {
    if (!isKnown(news, "location")) return [];
    const found = await lacks(news, olds);
    return found.map(([key, reason]) => refusal(urn, key, reason));
  },

  create: (inputs) => Promise.resolve({ id: "cluster-offer", outs: inputs }),
  update: (inputs) => Promise.resolve({ outs: inputs }),
  exists: () => Promise.resolve(true),
  // It is a note in the state and nowhere else.
  delete: () => Promise.resolve(),
};
