import type { Inputs } from "@pulumi/pulumi";
import { refreshToken } from "./registryCredentials";
import { stringInput } from "./resourceType";

interface Claims {
  readonly access?: readonly { readonly name?: string; readonly actions?: readonly string[] }[];
}

function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
}

/**
 * What the deployer may do with a repository: the registry gives out a token for that part of what is asked
 * for, whatever roles it comes from.
 *
 * @returns of `pull` and `push` those that are granted.
 * @throws Error with the registry's answer when it does not answer as it should.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export async function pushRights(inputs: Inputs): Promise<readonly string[]> {
  const loginServer = stringInput(inputs, "loginServer");
  const repository = stringInput(inputs, "repository");
  const response = await fetch(`https://${loginServer}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "refresh_token",
      service: loginServer,
      scope: `repository:${repository}:pull,push`,
      refresh_token: await refreshToken(loginServer, stringInput(inputs, "pushTenantId")),
    }),
  });
  // Who may do nothing of it is told so by the status.
  if (response.status === 401 || response.status === 403) return [];
  const answer = await response.text();
  if (!response.ok) throw new Error(`the registry ${loginServer} gives no token: ${answer}`);
  const { access = [] } = claimsOf((JSON.parse(answer) as { access_token: string }).access_token);
  return access.flatMap(({ name, actions }) => (name === repository ? (actions ?? []) : []));
}
