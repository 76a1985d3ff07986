import { spawnSync } from "node:child_process";
import { load } from "js-yaml";
import {
  kubeloginMappings,
  kubeloginValues,
  loginOf,
  withSignIn,
} from "../../../dataplane/signIn/kubelogin";
import type { Settings } from "../../../dataplane/signIn/settings";
import { chooseSignIn } from "../../../dataplane/signIn/signIn";

const SECRET: Settings = { clientId: "client", clientSecret: "secret" };
const OIDC: Settings = { clientId: "client", useOidc: "true" };

function kubeconfig(login: string, command = "kubelogin"): string {
  const exec = { command, args: ["get-token", "--login", login], env: null };
  return JSON.stringify({ users: [{ name: "user", user: { exec } }] });
}

interface Exec {
  readonly command: string;
  readonly args: string[];
  readonly env: { readonly name: string; readonly value: string }[] | null;
}

function execOf(text: string): Exec | undefined {
  const { users } = load(text) as { users: { user: { exec: Exec } }[] };
  return users[0]?.user.exec;
}

function signedIn(settings: Settings, login: string, command?: string): string {
  const signIn = chooseSignIn(settings);
  const values = kubeloginValues(signIn, settings);
  return withSignIn(kubeconfig(login, command), signIn, values, {});
}

describe("kubelogin", () => {
  it.each<[Settings, string]>([
    [{}, "azurecli"],
    [SECRET, "spn"],
    [{ clientCertificatePath: "cert.pem" }, "spn"],
    [OIDC, "workloadidentity"],
    [{ useMsi: "true" }, "msi"],
  ])("signs in as azure-native does: %j by %s", (settings, login) => {
    expect(loginOf(chooseSignIn(settings), {})).toBe(login);
  });

  it.each([
    [{}, "azurecli"],
    [{ AZURE_CLIENT_SECRET: "secret" }, "spn"],
    [{ AZURE_FEDERATED_TOKEN_FILE: "file" }, "workloadidentity"],
    [{ IDENTITY_ENDPOINT: "http://127.0.0.1" }, "msi"],
  ])("finds what the default credential finds with %j: %s", (env, login) => {
    expect(loginOf({ kind: "default" }, env)).toBe(login);
  });

  it("is told of the configuration by variables of its own, which nobody else has", () => {
    expect(execOf(signedIn(SECRET, "spn"))?.env).toEqual([
      { name: "AZURE_CLIENT_ID", value: "client" },
      { name: "AZURE_CLIENT_SECRET", value: "secret" },
    ]);
    expect(
      execOf(signedIn({ ...OIDC, oidcTokenFilePath: "file" }, "workloadidentity"))?.env,
    ).toEqual([
      { name: "AZURE_CLIENT_ID", value: "client" },
      { name: "AZURE_FEDERATED_TOKEN_FILE", value: "file" },
    ]);
  });

  it("is told nothing where it is to sign in otherwise", () => {
    expect(execOf(signedIn(SECRET, "azurecli"))?.env).toBeNull();
  });

  it("keeps its kubeconfig to the letter where nothing of it stands in the configuration", () => {
    const text = kubeconfig("spn");
    expect(
      withSignIn(text, chooseSignIn(SECRET), kubeloginValues(chooseSignIn(SECRET), {}), {}),
    ).toBe(text);
  });

  it("is told of the environment by names, not by values", () => {
    const env = { ARM_CLIENT_ID: "client", ARM_CLIENT_SECRET: "secret" };
    expect(kubeloginMappings(chooseSignIn(SECRET), {}, env)).toEqual({
      ARM_CLIENT_ID: "AZURE_CLIENT_ID",
      ARM_CLIENT_SECRET: "AZURE_CLIENT_SECRET",
    });
    expect(kubeloginMappings(chooseSignIn(SECRET), SECRET, env)).toEqual({});
  });

  it("is left to what the environment says to it alone", () => {
    const env = {
      ARM_CLIENT_ID: "client",
      ARM_CLIENT_SECRET: "secret",
      AAD_SERVICE_PRINCIPAL_CLIENT_ID: "other",
      AAD_SERVICE_PRINCIPAL_CLIENT_SECRET: "other",
    };
    expect(kubeloginMappings(chooseSignIn(SECRET), {}, env)).toEqual({});
  });

  it("asks GitHub for a token by itself, by the names that it knows", () => {
    const env = {
      ARM_CLIENT_ID: "client",
      ACTIONS_ID_TOKEN_REQUEST_URL: "url",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "bearer",
    };
    const signIn = chooseSignIn({ ...OIDC, oidcRequestUrl: "url", oidcRequestToken: "bearer" });
    expect(kubeloginMappings(signIn, {}, env)).toEqual({ ARM_CLIENT_ID: "AZURE_CLIENT_ID" });
  });

  it("gets a token that is no file in one that is there as long as it runs", () => {
    const show =
      'cat "$AZURE_FEDERATED_TOKEN_FILE"; ls -l "$AZURE_FEDERATED_TOKEN_FILE"; echo "$@"';
    const text = signedIn({ ...OIDC, oidcToken: "the token" }, "workloadidentity", "sh");
    const { command = "", args = [], env } = execOf(text) ?? {};
    // The arguments of the command inside are those of a shell here, which shows what it is given.
    const shown = [...args.slice(0, 3), "-c", show, "kubelogin", ...args.slice(3)];
    const variables = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
    const { stdout } = spawnSync(command, shown, {
      encoding: "utf8",
      env: { ...process.env, ...variables },
    });
    expect(stdout).toMatch(/^the token-rw------- .*\nget-token --login workloadidentity\n$/);
    const file = /\/\S+/.exec(stdout)?.[0] ?? "";
    expect(spawnSync("ls", [file]).status).not.toBe(0);
    expect(JSON.stringify(args)).not.toContain("the token");
  });
});
