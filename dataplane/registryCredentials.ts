import type { Inputs } from "@pulumi/pulumi";
import type { InvokeResult } from "@pulumi/pulumi/provider";
import { TOKEN_USER, type RegistryCredentials } from "./contract";
import { deployerCredential } from "./credential";
import { stringInput } from "./resourceType";

const SCOPE = "https://management.azure.com/.default";

/**
 * User name and password for `docker push`, without the registry's admin user: the deployer's
 * Entra token is exchanged for one of the registry, which is good for three hours.
 *
 * @see https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
 * @throws Error with the registry's answer when it refuses the identity.
 */
export async function registryCredentials(inputs: Inputs): Promise<InvokeResult> {
  const tenantId = stringInput(inputs, "tenantId");
  const password = await refreshToken(stringInput(inputs, "loginServer"), tenantId);
  const outputs: RegistryCredentials = { username: TOKEN_USER, password };
  return { outputs };
}

/**
 * Exchanges the deployer's Entra token for one of the registry, which says who it is.
 *
 * @throws Error with the registry's answer when it refuses the identity.
 */
export async function refreshToken(loginServer: string, tenantId: string): Promise<string> {
  const token = await (await deployerCredential()).getToken(SCOPE);
  if (token === null) throw new Error("the deployer's identity got no token");
  const response = await fetch(`https://${loginServer}/oauth2/exchange`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "access_token",
      service: loginServer,
      tenant: tenantId,
      access_token: token.token,
    }),
  });
  const answer = await response.text();
  if (!response.ok) {
    throw new Error(
      `the registry ${loginServer} refused the sign-in (${response.status}): ${answer}`,
    );
  }
  const { refresh_token } = JSON.parse(answer) as { refresh_token?: string };
  if (!refresh_token) throw new Error(`the registry ${loginServer} answered without a token`);
  return refresh_token;
}
