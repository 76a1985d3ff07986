import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";

/** What signs in to a registry. */
export interface RegistryCredential {
  /** Registry host, as in `registry.example.com:5000`. */
  server: string;
  username: string;
  password: string;
}

interface ClientConfig {
  auths?: Record<string, { auth: string }>;
  credHelpers?: Record<string, string>;
  credsStore?: string;
  [other: string]: unknown;
}

/**
 * Runs `action` with a docker client configuration that holds the credential, in a folder that only this
 * user can read and that is removed afterwards: this way it is on no command line and stays in no file
 * of the user's. The user's other settings, contexts and client plugins stay in force.
 */
export async function withCredential<T>(
  credential: RegistryCredential | undefined,
  action: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  if (credential === undefined) return action({});
  const userFolder = process.env["DOCKER_CONFIG"] ?? path.join(os.homedir(), ".docker");
  const folder = await mkdtemp(path.join(os.tmpdir(), "docker-config-"));
  try {
    const config = addCredential(await readConfig(userFolder), credential);
    await writeFile(path.join(folder, "config.json"), JSON.stringify(config), { mode: 0o600 });
    for (const shared of ["contexts", "cli-plugins", "buildx"]) {
      await symlink(path.join(userFolder, shared), path.join(folder, shared));
    }
    return await action({ DOCKER_CONFIG: folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readConfig(folder: string): Promise<ClientConfig> {
  const content = await readFile(path.join(folder, "config.json"), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "{}";
      throw error;
    },
  );
  return JSON.parse(content) as ClientConfig;
}

/** The configuration with the credential in it. A credential store would win over it and goes. */
export function addCredential(
  config: ClientConfig,
  { server, username, password }: RegistryCredential,
): ClientConfig {
  const host = server.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const helpers = Object.entries(config.credHelpers ?? {}).filter(([other]) => other !== host);
  const credHelpers = Object.fromEntries(helpers);
  return {
    ...config,
    credsStore: undefined,
    auths: { ...config.auths, [host]: { auth } },
    credHelpers,
  };
}
