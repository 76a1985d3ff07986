import * as path from "node:path";
import { readSettings } from "../../sandbox/azure/settings";
import type { AzureSettings, PrincipalSettings } from "../../sandbox/azure/settings";
import { request, ROOT, stackOutputs, type Answer } from "./sandbox";

/** An identity that can sign in to the sandbox. */
export type Principal = PrincipalSettings;

function settings(): AzureSettings {
  return readSettings(path.join(ROOT, ".sandbox/azure.json"));
}

/** An identity of the sandbox by name: `deployer` may do everything, `reader` only read. */
export function principal(name: string): Principal {
  const found = settings().principals.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`the sandbox has no identity "${name}"`);
  return found;
}

export const tenantId = (): string => settings().tenantId;
export const subscriptionId = (): string => settings().subscriptionId;

/** Environment that makes a command act as an identity. */
export function actingAs({ clientId, clientSecret }: Principal): Record<string, string> {
  return { ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: clientSecret };
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** A token of an identity for Azure's control plane, or for another resource. */
export async function token(
  who: Principal,
  resource = "https://management.azure.com",
): Promise<string> {
  const { port, tenantId } = settings();
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: who.clientId,
    client_secret: who.clientSecret,
    scope: `${resource}/.default`,
  }).toString();
  const url = `https://127.0.0.1:${port}/${tenantId}/oauth2/v2.0/token`;
  const answer = await request(url, { method: "POST", headers: FORM }, body);
  if (answer.status !== 200) throw new Error(`no token: ${answer.status} ${answer.body}`);
  return (JSON.parse(answer.body) as { access_token: string }).access_token;
}

/** A request to Azure's control plane, as the deployer unless said otherwise. */
export async function arm(
  method: string,
  idAndQuery: string,
  body?: object,
  who = principal("deployer"),
): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${await token(who)}`,
    "content-type": "application/json",
  };
  const text = body === undefined ? undefined : JSON.stringify(body);
  return request(`https://127.0.0.1:${settings().port}${idAndQuery}`, { method, headers }, text);
}

export const SUBSCRIPTION = () => `/subscriptions/${settings().subscriptionId}`;
const AKS_API = "api-version=2025-09-01";
const PAUSE_MS = 1_000;

async function powerState(clusterId: string, wanted: string): Promise<void> {
  for (;;) {
    const { body } = await arm("GET", `${clusterId}?${AKS_API}`);
    const { properties } = JSON.parse(body) as {
      properties: { provisioningState: string; powerState: { code: string } };
    };
    if (properties.provisioningState === "Failed") throw new Error(body);
    if (properties.provisioningState === "Succeeded" && properties.powerState.code === wanted) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Stops the stack's cluster, as `az aks stop` does. */
export async function stopCluster(): Promise<void> {
  const { clusterId } = await stackOutputs();
  await arm("POST", `${clusterId}/stop?${AKS_API}`);
  await powerState(clusterId, "Stopped");
}

/** Starts the stack's cluster again, as `az aks start` does. */
export async function startCluster(): Promise<void> {
  const { clusterId } = await stackOutputs();
  await arm("POST", `${clusterId}/start?${AKS_API}`);
  await powerState(clusterId, "Running");
}

/** Ids of everything that ARM has, below the subscription. */
export async function armResources(): Promise<readonly string[]> {
  const { body } = await arm("GET", `${SUBSCRIPTION()}/resources?api-version=2021-04-01`);
  return (JSON.parse(body) as { value: { id: string }[] }).value.map(({ id }) => id);
}
