import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { checkout, inState, readJson, scriptLoader, writeWhole } from "../host/layout";
import { ownKubeconfig } from "../cluster/ownKubeconfig";
import { port } from "../host/ports";

/** How many container registries there may be at once. */
const REGISTRIES = 8;

/** An identity that may sign in to the emulated Azure. */
export interface Principal {
  name: string;
  clientId: string;
  clientSecret: string;
  objectId: string;
  roles: { role: string; scope: string }[];
}

/** What the emulator of Azure reads from azure.json. */
export interface AzureSettings {
  port: number;
  tls: { cert: string; key: string; ca: string; caKey: string };
  stateDir: string;
  tenantId: string;
  subscriptionId: string;
  principals: Principal[];
  /** Registries get these ports in order: the kubelet must know them before there is a registry. */
  registry: { binary: string; ports: number[] };
  registryHostsDir: string;
  cluster: { command: string[] };
  /** Pulls need no token: a cluster of the user's own has no credential provider of ours. */
  anonymousPull: boolean;
}

/** Writes azure.json; identities once made stay the same. */
export async function writeAzureSettings(): Promise<AzureSettings> {
  const file = inState("azure.json");
  const before = readJson<AzureSettings>(file);
  const subscriptionId = before?.subscriptionId ?? randomUUID();
  const settings: AzureSettings = {
    port: await port("azure"),
    tls: {
      cert: inState("pki", "azure.crt"),
      key: inState("pki", "azure.key"),
      ca: inState("pki", "ca.crt"),
      caKey: inState("pki", "ca.key"),
    },
    stateDir: inState("azure"),
    tenantId: before?.tenantId ?? randomUUID(),
    subscriptionId,
    principals: before?.principals ?? [
      principal("deployer", "Owner", subscriptionId),
      principal("reader", "Reader", subscriptionId),
    ],
    registry: { binary: "docker-registry", ports: await registryPorts() },
    registryHostsDir: inState("containerd", "certs.d"),
    cluster: {
      command: ["node", "-r", scriptLoader, join(checkout, "sandbox/cluster/clusterCommand.ts")],
    },
    anonymousPull: ownKubeconfig() !== undefined,
  };
  const text = `${JSON.stringify(settings, undefined, 2)}\n`;
  writeWhole(file, text, 0o600);
  return settings;
}

/** Ports set aside for container registries. */
export async function registryPorts(): Promise<number[]> {
  const ports: number[] = [];
  for (let index = 1; index <= REGISTRIES; index++) ports.push(await port(`registry${index}`));
  return ports;
}

function principal(name: string, role: string, subscriptionId: string): Principal {
  return {
    name,
    clientId: randomUUID(),
    clientSecret: randomBytes(24).toString("base64url"),
    objectId: randomUUID(),
    roles: [{ role, scope: `/subscriptions/${subscriptionId}` }],
  };
}
