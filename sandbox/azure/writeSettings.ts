import { randomBytes, randomUUID } from "node:crypto";
import { azureCertificate } from "../host/certificates";
import { inState, nodeScript, registryHosts, stateFolder, writeJson } from "../host/layout";
import { port, registryPorts } from "../host/ports";
import {
  knownSettings,
  settingsFile,
  type AzureSettings,
  type PrincipalSettings,
} from "./settings";

/** What the settings depend on beyond the state folder. */
export interface ClusterChoice {
  /** Version of the Kubernetes that managed clusters run. */
  kubernetesVersion: string;
  /** Whether that is a cluster of the user's own. */
  isOwn: boolean;
}

/** Writes the emulator's settings; ports and identities stay the same from one start to the next. */
export async function writeSettings(cluster: ClusterChoice): Promise<AzureSettings> {
  const before = knownSettings();
  const subscriptionId = before?.subscriptionId ?? randomUUID();
  const settings: AzureSettings = {
    port: await port("azure"),
    tls: azureCertificate(),
    stateDir: inState("azure"),
    sandboxDir: stateFolder,
    tenantId: before?.tenantId ?? randomUUID(),
    subscriptionId,
    principals: before?.principals ?? [
      principal("deployer", "Owner", subscriptionId),
      principal("reader", "Reader", subscriptionId),
    ],
    registry: { binary: "docker-registry", ports: await registryPorts() },
    registryHostsDir: registryHosts,
    cluster: {
      command: nodeScript("sandbox/cluster/clusterCommand.ts"),
      kubernetesVersions: [cluster.kubernetesVersion],
    },
    anonymousPull: cluster.isOwn,
  };
  writeJson(settingsFile(), settings, 0o600);
  return settings;
}

function principal(name: string, role: string, subscriptionId: string): PrincipalSettings {
  return {
    name,
    clientId: randomUUID(),
    clientSecret: randomBytes(24).toString("base64url"),
    objectId: randomUUID(),
    roles: [{ role, scope: `/subscriptions/${subscriptionId}` }],
  };
}
