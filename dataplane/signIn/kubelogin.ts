import { dump, load } from "js-yaml";
import { SOURCES, type Environment, type Setting, type Settings } from "./settings";
import type { SignIn } from "./signIn";

/** Variables of kubelogin that say who signs in, and the setting that each takes. */
type Variables = Readonly<Record<string, Setting>>;

/**
 * kubelogin's variables for a way to sign in. Of several names for the same it reads these last.
 *
 * @see https://azure.github.io/kubelogin/concepts/login-modes.html
 */
function kubeloginVariables(signIn: SignIn): Variables {
  switch (signIn.kind) {
    case "secret":
      return { AZURE_CLIENT_ID: "clientId", AZURE_CLIENT_SECRET: "clientSecret" };
    case "certificate":
      return {
        AZURE_CLIENT_ID: "clientId",
        AZURE_CLIENT_CERTIFICATE_PATH: "clientCertificatePath",
      };
    case "oidc":
      return { AZURE_CLIENT_ID: "clientId", ...federated(signIn) };
    case "managedIdentity":
      return { AZURE_CLIENT_ID: "clientId" };
    default:
      return {};
  }
}

function federated({ token }: Extract<SignIn, { kind: "oidc" }>): Variables {
  switch (token) {
    case "token":
      return { [TOKEN]: "oidcToken" };
    case "file":
      return { AZURE_FEDERATED_TOKEN_FILE: "oidcTokenFilePath" };
    default:
      return {
        ACTIONS_ID_TOKEN_REQUEST_URL: "oidcRequestUrl",
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "oidcRequestToken",
      };
  }
}

/** Older names of kubelogin's variables, by which a user may have said who signs in to clusters. */
const FORMER: Readonly<Record<string, string>> = {
  AZURE_CLIENT_ID: "AAD_SERVICE_PRINCIPAL_CLIENT_ID",
  AZURE_CLIENT_SECRET: "AAD_SERVICE_PRINCIPAL_CLIENT_SECRET",
  AZURE_CLIENT_CERTIFICATE_PATH: "AAD_SERVICE_PRINCIPAL_CLIENT_CERTIFICATE",
};

/** Whether the environment itself tells kubelogin what a variable says. */
function isGiven(variable: string, env: Environment): boolean {
  return [variable, FORMER[variable] ?? variable].some((name) => (env[name] ?? "") !== "");
}

/** The login method of kubelogin that is a way to sign in. */
export function loginOf({ kind }: SignIn, env: Environment): string {
  switch (kind) {
    case "secret":
    case "certificate":
      return "spn";
    case "oidc":
      return "workloadidentity";
    case "managedIdentity":
      return "msi";
    case "azureCli":
      return "azurecli";
    case "default":
      return loginByEnvironment(env);
  }
}

/** What the default credential of Azure's SDKs finds first. */
function loginByEnvironment(env: Environment): string {
  if (env.AZURE_CLIENT_SECRET || env.AZURE_CLIENT_CERTIFICATE_PATH) return "spn";
  if (env.AZURE_FEDERATED_TOKEN_FILE) return "workloadidentity";
  return env.IDENTITY_ENDPOINT || env.MSI_ENDPOINT ? "msi" : "azurecli";
}

const TOKEN = "ARM_OIDC_TOKEN";
/** kubelogin reads a token from a file only, which then lives as long as kubelogin does. */
const WITH_TOKEN_FILE =
  `umask 077; file=$(mktemp) || exit 1; trap 'rm -f "$file"' EXIT; ` +
  `printf %s "$${TOKEN}" > "$file"; AZURE_FEDERATED_TOKEN_FILE="$file" "$0" "$@"`;

interface Exec {
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
}

interface Kubeconfig {
  readonly users?: readonly { readonly user?: { readonly exec?: Exec } }[];
}

function signedIn(exec: Exec, signIn: SignIn, values: Readonly<Record<string, string>>): Exec {
  const added = Object.entries(values).map(([name, value]) => ({ name, value }));
  const env = added.length > 0 ? { env: [...(exec.env ?? []), ...added] } : {};
  if (signIn.kind !== "oidc" || signIn.token !== "token") return { ...exec, ...env };
  const args = ["-c", WITH_TOKEN_FILE, exec.command, ...(exec.args ?? [])];
  return { ...exec, ...env, command: "sh", args };
}

/**
 * A kubeconfig whose kubelogin signs in as somebody. It stays as it is where its login method is
 * another one, or nothing is to be said.
 *
 * @param values of kubelogin's variables.
 */
export function withSignIn(
  kubeconfig: string,
  signIn: SignIn,
  values: Readonly<Record<string, string>>,
  env: Environment,
): string {
  const isRaw = signIn.kind === "oidc" && signIn.token === "token";
  if (Object.keys(values).length === 0 && !isRaw) return kubeconfig;
  const content = load(kubeconfig) as Kubeconfig;
  const login = loginOf(signIn, env);
  const users = (content.users ?? []).map((entry) => {
    const exec = entry.user?.exec;
    if (exec === undefined || !asksBy(exec, login)) return entry;
    return { ...entry, user: { ...entry.user, exec: signedIn(exec, signIn, values) } };
  });
  return dump({ ...content, users });
}

function asksBy({ args }: Exec, login: string): boolean {
  return (args ?? []).some((argument, at) => argument === "--login" && args?.[at + 1] === login);
}

/**
 * What kubelogin is told of the settings that stand in the configuration of azure-native.
 *
 * @returns values of kubelogin's variables.
 */
export function kubeloginValues(
  signIn: SignIn,
  configured: Settings,
): Readonly<Record<string, string>> {
  const values = Object.entries(kubeloginVariables(signIn)).flatMap(([name, key]) => {
    const value = configured[key];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(values);
}

/**
 * What kubelogin is told of the settings that stand in the environment, unless the environment itself
 * tells it.
 *
 * @returns variables of kubelogin by those of azure-native.
 */
export function kubeloginMappings(
  signIn: SignIn,
  configured: Settings,
  env: Environment,
): Readonly<Record<string, string>> {
  const mappings = Object.entries(kubeloginVariables(signIn)).flatMap(([name, key]) => {
    const source = SOURCES[key];
    const isToldBy = configured[key] === undefined && source !== name && Boolean(env[source]);
    return isToldBy && !isGiven(name, env) ? [[source, name] as const] : [];
  });
  return Object.fromEntries(mappings);
}
