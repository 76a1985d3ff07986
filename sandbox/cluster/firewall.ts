import { attempt, run } from "../host/command";
import { HOST_NETWORK, POD_BRIDGE, POD_NETWORK, SERVICE_NETWORK } from "./addresses";

/** Our chain, in each table that has one. */
const CHAIN = "AZUREML-AKS";

/** Keeps other machines out of the cluster's networks, and lets pods out whatever the host's policy is. */
export async function ensureFirewall(): Promise<void> {
  await ensureChain("raw", "PREROUTING", guardRules());
  await ensureChain("filter", "FORWARD", [
    `-i ${POD_BRIDGE} -j ACCEPT`,
    `-o ${POD_BRIDGE} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
  ]);
}

/**
 * The host takes packets for its addresses on loopback, for Services and for pods from any interface:
 * any machine that routes packets here would reach the cluster. Only the host itself and pods may.
 */
function guardRules(): string[] {
  const networks = [HOST_NETWORK, SERVICE_NETWORK, POD_NETWORK];
  return [
    "-i lo -j RETURN",
    `-i ${POD_BRIDGE} -j RETURN`,
    ...networks.map((network) => `-d ${network} -j DROP`),
  ];
}

async function ensureChain(table: string, from: string, rules: string[]): Promise<void> {
  const lines = [
    `*${table}`,
    `:${CHAIN} -`,
    ...rules.map((rule) => `-A ${CHAIN} ${rule}`),
    "COMMIT",
  ];
  // Naming the chain empties it first, all in one step.
  await run("iptables-restore", ["--noflush"], { input: `${lines.join("\n")}\n` });
  const jump = [from, "-j", CHAIN];
  const there = await attempt("iptables", ["-w", "-t", table, "-C", ...jump]);
  if (there.status !== 0) await run("iptables", ["-w", "-t", table, "-A", ...jump]);
}
