import type { Inputs } from "@pulumi/pulumi";
import { refusal } from "./refusal";
import { stringInput, type ResourceType } from "./resourceType";
import { isKnown } from "./unknown";

const STACK_OF_URN = /^urn:pulumi:[^:]+::/;

/** URNs of what the stack has made for it; none where it only uses what exists. */
function members(inputs: Inputs): readonly string[] {
  return Array.isArray(inputs.members) ? (inputs.members as readonly string[]) : [];
}

/** URNs as they are in any stack: one that is renamed has made nothing anew. */
function withoutStack(urns: unknown): unknown {
  return Array.isArray(urns) ? urns.map((urn) => String(urn).replace(STACK_OF_URN, "")) : urns;
}

/** Azure compares ids without their letters' case. */
function isSame(one: unknown, other: unknown): boolean {
  return String(one).toLowerCase() === String(other).toLowerCase();
}

/** The commands that move resources to another stack, which owns them from then on. */
function handOver(urns: readonly string[], note: string): string {
  // urn:pulumi:stack::project::type::workspace-ownership
  const parts = note.split("::");
  const [source = ""] = parts.map((part) => part.slice(part.lastIndexOf(":") + 1));
  const here = (urn: string) => urn.replace(STACK_OF_URN, `urn:pulumi:${source}::`);
  const dest = `${source}-${(parts.at(-1) ?? "").replace(/-ownership$/, "")}`;
  return [
    `   pulumi stack init ${dest} --no-select`,
    `   pulumi state move --yes --source ${source} --dest ${dest} \\`,
    [...urns, note].map((urn) => `     '${here(urn)}'`).join(" \\\n"),
  ].join("\n");
}

/**
 * Whether the stack has made a workspace or cluster, or only uses it. Who turns from one to the
 * other without more would have the engine delete what is about to be used.
 */
export const ownership: ResourceType = {
  identity: [],
  content: ["resourceId", "members"],
  compared: { members: withoutStack },

  refusals(urn, news, olds) {
    const owned = members(olds ?? {});
    const keeps = owned.length === 0 || members(news).length > 0;
    if (keeps || !isKnown(news, "resourceId") || !isSame(olds?.resourceId, news.resourceId)) {
      return Promise.resolve([]);
    }
    const reason =
      "this stack has made what is to be used, and would delete it first. " +
      `Hand it over to a stack of its own, which deletes nothing:\n${handOver(owned, urn)}\n` +
      "   Then run this again. To go on owning it, take the change of the configuration back.";
    return Promise.resolve([refusal(urn, stringInput(news, "key"), reason)]);
  },

  create: (inputs) => Promise.resolve({ id: "ownership", outs: inputs }),
  update: (inputs) => Promise.resolve({ outs: inputs }),
  exists: () => Promise.resolve(true),
  // It is a note in the state and nowhere else.
  delete: () => Promise.resolve(),
};
