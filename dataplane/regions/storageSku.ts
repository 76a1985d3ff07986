import type { Inputs } from "@pulumi/pulumi";
import { refusal } from "../refusal";
import { stringInput, type ResourceType } from "../resourceType";
import type { Run } from "../run";
import { isKnown } from "../unknown";
import { storageSkus } from "./storageSkus";

/** Copies in three zones of the region: a zone that fails loses nothing. Not every region has zones. */
const ZONE_REDUNDANT = "Standard_ZRS";
/** Copies in one place; every region has it. */
const LOCALLY_REDUNDANT = "Standard_LRS";

function offered(inputs: Inputs): Promise<readonly string[]> {
  return storageSkus(stringInput(inputs, "subscriptionId"), stringInput(inputs, "location"));
}

/** The best of what the region has; where Azure does not say, it will when the account is made. */
async function best(inputs: Inputs, { log }: Run): Promise<string> {
  try {
    const skus = await offered(inputs);
    return skus.includes(ZONE_REDUNDANT) ? ZONE_REDUNDANT : LOCALLY_REDUNDANT;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.info(`Azure does not say which storage the region has (${why}); using ${ZONE_REDUNDANT}`);
    return ZONE_REDUNDANT;
  }
}

/**
 * The SKU of a workspace's storage account: the configured one, which the preview holds against what the
 * region offers, or zone-redundant where there is that. What was chosen once stays, since Azure converts
 * accounts only on request.
 *
 * @see https://learn.microsoft.com/azure/storage/common/storage-redundancy
 */
export const storageSku: ResourceType = {
  identity: ["location"],
  content: ["wanted"],
  computed: ["sku"],

  async refusals(urn, news, olds) {
    const isAsked = isKnown(news, "wanted") && isKnown(news, "location");
    if (!isAsked || olds?.wanted === news.wanted) return [];
    const wanted = stringInput(news, "wanted");
    // Where Azure does not say, it refuses the account itself.
    const skus = await offered(news).catch(() => undefined);
    if (skus === undefined || skus.includes(wanted)) return [];
    const remedy = `set one of ${skus.filter((sku) => /^Standard_/.test(sku)).join(", ")}, or remove the key`;
    const reason = `${wanted} is not offered in ${stringInput(news, "location")}; ${remedy}`;
    return [refusal(urn, "workspace.storageSku", reason)];
  },

  async create(inputs, run) {
    const sku = isKnown(inputs, "wanted") ? stringInput(inputs, "wanted") : await best(inputs, run);
    return { id: "storage-sku", outs: { ...inputs, sku } };
  },
  update(inputs, state) {
    const sku = isKnown(inputs, "wanted")
      ? stringInput(inputs, "wanted")
      : stringInput(state, "sku");
    return Promise.resolve({ outs: { ...inputs, sku } });
  },
  exists: () => Promise.resolve(true),
  // It is a note in the state and nowhere else.
  delete: () => Promise.resolve(),
};
