/**
 * Image credential provider for the kubelet (credentialprovider.kubelet.k8s.io/v1): what AKS' nodes
 * do to pull from a container registry. As the kubelet's managed identity it gets an Entra token
 * and exchanges it at the registry, which decides whether that identity may pull.
 */
import * as fs from "node:fs";
import { kubeletIdentityFile, type KubeletIdentity } from "../azure/cluster/contract";
import { TOKEN_USER } from "../azure/registry/tokenUser";

const RESOURCE = "https://management.azure.com/";
/** Long enough to ask the registry rarely, short enough that the removal of a role takes effect soon. */
const CACHE_DURATION = "1m";

async function ask(url: string, init: RequestInit): Promise<Record<string, string>> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, string>;
}

async function managedIdentityToken(identity: KubeletIdentity): Promise<string> {
  const query = new URLSearchParams({
    "api-version": "2018-02-01",
    resource: RESOURCE,
    client_id: identity.clientId,
  });
  const url = `${identity.imdsEndpoint}/metadata/identity/oauth2/token?${query.toString()}`;
  return (await ask(url, { headers: { metadata: "true" } })).access_token ?? "";
}

async function refreshToken(registry: string, identity: KubeletIdentity): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "access_token",
    service: registry,
    tenant: identity.tenantId,
    access_token: await managedIdentityToken(identity),
  });
  const url = `https://${registry}/oauth2/exchange`;
  return (await ask(url, { method: "POST", body })).refresh_token ?? "";
}

async function main(): Promise<void> {
  const request = JSON.parse(fs.readFileSync(0, "utf8")) as { image: string };
  const registry = request.image.split("/")[0] ?? "";
  const file = kubeletIdentityFile(process.env.SANDBOX_DIR ?? "");
  const identity = JSON.parse(fs.readFileSync(file, "utf8")) as KubeletIdentity;
  const password = await refreshToken(registry, identity);
  const response = {
    apiVersion: "credentialprovider.kubelet.k8s.io/v1",
    kind: "CredentialProviderResponse",
    cacheKeyType: "Registry",
    cacheDuration: CACHE_DURATION,
    auth: { [registry]: { username: TOKEN_USER, password } },
  };
  process.stdout.write(JSON.stringify(response));
}

main().catch((error: unknown) => {
  const cause = error instanceof Error && error.cause ? ` (${describe(error.cause)})` : "";
  process.stderr.write(`acrCredentialProvider: ${String(error)}${cause}\n`);
  process.exit(1);
});

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : JSON.stringify(cause);
}
