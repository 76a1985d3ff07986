import fs from "node:fs";
import path from "node:path";

/** A service principal that exists from the start, with the roles it holds from the start. */
export interface PrincipalOptions {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly objectId: string;
  readonly roles: readonly { readonly role: string; readonly scope: string }[];
}

/** What the emulator is told by the file that its command line names. */
export interface EmulatorOptions {
  /** Loopback port; 0 takes a free one. */
  readonly port: number;
  /** Paths of PEM files; `ca` is what clients and the container runtime must trust. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string };
  /** Folder of all state: resources, blobs, images, keys. */
  readonly stateDir: string;
  /** The `.sandbox` folder; default: the parent of `stateDir`. */
  readonly sandboxDir: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly principals: readonly PrincipalOptions[];
  /** `ports` are given to registries in order; default: the eight ports after `port`. */
  readonly registry: { readonly binary: string; readonly ports?: readonly number[] };
  /** Folder in which containerd looks for `<host:port>/hosts.toml`. */
  readonly registryHostsDir: string;
  readonly cluster: {
    /** Called as `COMMAND start|stop|delete NAME`. */
    readonly command: readonly string[];
    /** Versions that a managed cluster may ask for; default: 1.36.3. */
    readonly kubernetesVersions?: readonly string[];
  };
  /** Whether every registry lets pulls through without a token. Default false. */
  readonly anonymousPull: boolean;
}

const REQUIRED = [
  "port",
  "tls",
  "stateDir",
  "tenantId",
  "subscriptionId",
  "principals",
  "registry",
  "registryHostsDir",
  "cluster",
] as const;

/** Reads the options file; throws with the missing keys when some are. */
export function readOptions(file: string): EmulatorOptions {
  const given = JSON.parse(fs.readFileSync(file, "utf8")) as Partial<EmulatorOptions>;
  const missing = REQUIRED.filter((key) => given[key] === undefined);
  if (missing.length > 0) throw new Error(`${file} lacks ${missing.join(", ")}`);
  return withDefaults(given as EmulatorOptions);
}

/** Makes paths absolute and fills what may be left out. */
export function withDefaults(options: EmulatorOptions): EmulatorOptions {
  const stateDir = path.resolve(options.stateDir);
  return {
    ...options,
    stateDir,
    sandboxDir: options.sandboxDir ?? process.env.SANDBOX_DIR ?? path.dirname(stateDir),
    registryHostsDir: path.resolve(options.registryHostsDir),
    anonymousPull: options.anonymousPull ?? false,
  };
}
