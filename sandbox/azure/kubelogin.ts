/**
 * Stand-in for Azure's kubelogin: `kubelogin get-token --login spn|azurecli --server-id ID` prints
 * an ExecCredential for kubectl. Both methods sign in with the client secret of the environment
 * (AAD_SERVICE_PRINCIPAL_*, AZURE_* or ARM_*), because the sandbox has no Azure CLI.
 */
import { parseArgs } from "node:util";

const METHODS = ["spn", "azurecli"];

interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenantId: string;
  readonly authority: string;
}

const { env } = process;

function firstSet(what: string, ...names: string[]): string {
  const found = names.map((name) => env[name]).find(Boolean);
  if (!found) throw new Error(`no ${what}: set ${names.join(" or ")}, or source .sandbox/env`);
  return found;
}

function credentials(tenantId: string | undefined): Credentials {
  return {
    clientId: firstSet(
      "client id",
      "AAD_SERVICE_PRINCIPAL_CLIENT_ID",
      "AZURE_CLIENT_ID",
      "ARM_CLIENT_ID",
    ),
    clientSecret: firstSet(
      "client secret",
      "AAD_SERVICE_PRINCIPAL_CLIENT_SECRET",
      "AZURE_CLIENT_SECRET",
      "ARM_CLIENT_SECRET",
    ),
    tenantId: tenantId ?? firstSet("tenant", "AZURE_TENANT_ID", "ARM_TENANT_ID"),
    authority: firstSet("sign-in address", "AZURE_AUTHORITY_HOST").replace(/\/+$/, ""),
  };
}

async function requestToken(
  { clientId, clientSecret, tenantId, authority }: Credentials,
  serverId: string,
): Promise<{ access_token: string; expires_in: number }> {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${serverId}/.default`,
  });
  const url = `${authority}/${tenantId}/oauth2/v2.0/token`;
  const response = await fetch(url, { method: "POST", body });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as { access_token: string; expires_in: number };
}

/** The version that kubectl asks for, so that its answer is understood. */
function wantedVersion(): string {
  const info = JSON.parse(env.KUBERNETES_EXEC_INFO ?? "{}") as { apiVersion?: string };
  return info.apiVersion ?? "client.authentication.k8s.io/v1beta1";
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      login: { type: "string", short: "l", default: "devicecode" },
      "server-id": { type: "string" },
      "client-id": { type: "string" },
      "tenant-id": { type: "string", short: "t" },
      environment: { type: "string", short: "e" },
    },
  });
  if (positionals.join(" ") !== "get-token")
    throw new Error("only `kubelogin get-token` is offered");
  const serverId = values["server-id"];
  if (!serverId) throw new Error("--server-id is required");
  if (!METHODS.includes(values.login))
    throw new Error(`--login ${values.login} is not offered here; use ${METHODS.join(" or ")}`);
  const token = await requestToken(credentials(values["tenant-id"]), serverId);
  const expires = new Date(Date.now() + token.expires_in * 1000);
  const credential = {
    kind: "ExecCredential",
    apiVersion: wantedVersion(),
    spec: { interactive: false },
    status: {
      expirationTimestamp: `${expires.toISOString().slice(0, 19)}Z`,
      token: token.access_token,
    },
  };
  process.stdout.write(JSON.stringify(credential));
}

main().catch((error: unknown) => {
  const cause = error instanceof Error && error.cause ? ` (${describe(error.cause)})` : "";
  process.stderr.write(`kubelogin: ${String(error)}${cause}\n`);
  process.exit(1);
});

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : JSON.stringify(cause);
}
