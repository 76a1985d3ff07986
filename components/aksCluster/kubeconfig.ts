import { dump, load } from "js-yaml";
import { isEntries } from "../config/entries";
import type { LoginMethod } from "./config";

const LOGIN_FLAGS = ["--login", "-l"];
/** AKS's own application, as which a person signs in; a managed identity would be looked for by it. */
const CLIENT_FLAG = "--client-id";

/** Arguments of `kubelogin get-token` with another sign-in method. */
function withLogin(args: readonly unknown[], login: LoginMethod): readonly unknown[] {
  const replaced = login === "msi" ? [...LOGIN_FLAGS, CLIENT_FLAG] : LOGIN_FLAGS;
  const kept = args.filter(
    (argument, index) =>
      !replaced.includes(String(argument)) && !replaced.includes(String(args[index - 1])),
  );
  return [...kept, "--login", login];
}

function withUserLogin(entry: unknown, login: LoginMethod): unknown {
  if (!isEntries(entry) || !isEntries(entry.user) || !isEntries(entry.user.exec)) return entry;
  const { exec } = entry.user;
  const args = Array.isArray(exec.args) ? exec.args : [];
  return { ...entry, user: { ...entry.user, exec: { ...exec, args: withLogin(args, login) } } };
}

/**
 * Makes a kubeconfig that AKS hands out usable without a person: it asks for a device code, which
 * only a browser can answer, so the sign-in method is replaced. A kubeconfig with certificates,
 * as clusters with local accounts have it, stays as it is.
 *
 * @throws Error when the string is not a kubeconfig.
 */
export function withLoginMethod(kubeconfig: string, login: LoginMethod): string {
  const content = load(kubeconfig);
  if (!isEntries(content) || !Array.isArray(content.users)) {
    throw new Error("the cluster's credentials are not a kubeconfig: they list no users");
  }
  return dump({ ...content, users: content.users.map((user) => withUserLogin(user, login)) });
}
