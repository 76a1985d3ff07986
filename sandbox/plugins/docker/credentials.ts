import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";

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

/** Docker's old name of its own registry is the key under which the client looks for it. */
const DOCKER_HUB = "https://index.docker.io/v1/";
const DOCKER_HUB_NAMES = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);

/**
 * Runs `action` with a docker client configuration that holds the credentials, in a folder that only this
 * user can read and that is removed afterwards: this way they are on no command line and stay in no file
 * of the user's. The user's other settings, contexts and client plugins stay in force.
 */
export async function withCredentials<T>(
  credentials: RegistryCredential[],
  action: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  if (credentials.length === 0) return action({});
  const userFolder = process.env["DOCKER_CONFIG"] ?? path.join(homedir(), ".docker");
  const folder = await mkdtemp(path.join(tmpdir(), "docker-config-"));
  try {
    const config = addCredentials(await readConfig(userFolder), credentials);
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

/** The configuration with the credentials in it. A credential store would win over them and goes. */
export function addCredentials(
  config: ClientConfig,
  credentials: RegistryCredential[],
): ClientConfig {
  const auths = { ...config.auths };
  const credHelpers = { ...config.credHelpers };
  for (const { server, username, password } of credentials) {
    const host = server.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
    const key = DOCKER_HUB_NAMES.has(host) ? DOCKER_HUB : host;
    auths[key] = { auth: Buffer.from(`${username}:${password}`).toString("base64") };
    delete credHelpers[host];
  }
  return { ...config, credsStore: undefined, auths, credHelpers };
}
