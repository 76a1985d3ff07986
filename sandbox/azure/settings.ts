import * as fs from "node:fs";
import { inState, readJson } from "../host/layout";

/** A service principal that exists from the start, with the roles it holds from the start. */
export interface PrincipalSettings {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly objectId: string;
  readonly roles: readonly { readonly role: string; readonly scope: string }[];
}

/** The file by which the sandbox tells the emulator all it has to know. Paths are absolute. */
export interface AzureSettings {
  /** Loopback port of the emulator. */
  readonly port: number;
  /** Paths of PEM files; `ca` is what clients and the container runtime have to trust. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string };
  /** Folder of all state: resources, blobs, images, keys. */
  readonly stateDir: string;
  /** The sandbox's state folder, where the servers' logs and the kubelet's identity go. */
  readonly sandboxDir: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly principals: readonly PrincipalSettings[];
  /** Registries get the ports in order: the kubelet has to know them before there is a registry. */
  readonly registry: { readonly binary: string; readonly ports: readonly number[] };
  /** Folder in which containerd looks for `<host:port>/hosts.toml`. */
  readonly registryHostsDir: string;
  readonly cluster: {
    /** Called as `COMMAND start|stop|delete NAME`. */
    readonly command: readonly string[];
    /** Versions that a managed cluster may ask for, the default one first. */
    readonly kubernetesVersions: readonly string[];
  };
  /** Whether registries let pulls through without a token: a user's own cluster has no credential provider. */
  readonly anonymousPull: boolean;
}

/** Every setting; a missing or unknown one means that writer and reader are not of one release. */
const NAMES: Readonly<Record<keyof AzureSettings, true>> = {
  port: true,
  tls: true,
  stateDir: true,
  sandboxDir: true,
  tenantId: true,
  subscriptionId: true,
  principals: true,
  registry: true,
  registryHostsDir: true,
  cluster: true,
  anonymousPull: true,
};

/** Where the sandbox keeps the settings. */
export function settingsFile(): string {
  return inState("azure.json");
}

/** The settings of the last start; undefined before the first one. */
export function knownSettings(): AzureSettings | undefined {
  return readJson<AzureSettings>(settingsFile());
}

/**
 * Reads the settings for the emulator.
 * @throws with the names of missing and unknown settings.
 */
export function readSettings(file: string): AzureSettings {
  const given = JSON.parse(fs.readFileSync(file, "utf8")) as Partial<AzureSettings>;
  const missing = Object.keys(NAMES).filter((name) => !(name in given));
  const unknown = Object.keys(given).filter((name) => !(name in NAMES));
  if (missing.length > 0) throw new Error(`${file} lacks ${missing.join(", ")}`);
  if (unknown.length > 0) throw new Error(`${file} has unknown settings: ${unknown.join(", ")}`);
  return given as AzureSettings;
}
