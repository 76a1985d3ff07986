import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { load } from "js-yaml";
import { compare, diffOf, hasUnknown, reveal, revealMap, Secret } from "../protocol";
import type { Diff, PropertyMap } from "../protocol";
import type { Mutability } from "./replacement";

/** The provider's arguments, with defaults from the environment. */
export interface Configuration {
  /** Contents of the kubeconfig; undefined while it is not known. */
  kubeconfig?: string;
  context?: string;
  cluster?: string;
  /** Where objects go that name no namespace. */
  namespace: string;
  deleteUnreachable: boolean;
  skipUpdateUnreachable: boolean;
  patchForce: boolean;
  upsertExistingObjects: boolean;
  mutability: Mutability;
}

const OFFERED = [
  "cluster",
  "clusterIdentifier",
  "context",
  "deleteUnreachable",
  "enableConfigMapMutable",
  "enablePatchForce",
  "enableSecretMutable",
  "enableServerSideApply",
  "kubeconfig",
  "namespace",
  "skipUpdateUnreachable",
  "suppressDeprecationWarnings",
  "suppressHelmHookWarnings",
  "upsertExistingObjects",
];

/** Set by the engine, not by the program. */
const INTERNAL = ["__internal", "pluginDownloadURL", "version"];

/** Why the arguments are refused; undefined when they are not. */
export function refuseArguments(args: PropertyMap): string | undefined {
  const refused = Object.keys(args).filter((key) => ![...OFFERED, ...INTERNAL].includes(key));
  if (refused.length > 0) {
    return `this stand-in does not offer ${refused.join(", ")}; it offers ${OFFERED.join(", ")}`;
  }
  const apply = reveal(args["enableServerSideApply"] ?? null);
  return apply === false || apply === "false"
    ? "this stand-in always uses server-side apply; enableServerSideApply cannot be false"
    : undefined;
}

/** Reads the arguments; what is unknown counts as not given. */
export function parseConfiguration(args: PropertyMap): Configuration {
  const plain = revealMap(args);
  const text = (name: string, variable: string) => {
    const value = plain[name];
    return (typeof value === "string" && value) || process.env[variable] || undefined;
  };
  const flag = (name: string, variable: string) =>
    String(typeof plain[name] === "object" ? "" : (plain[name] ?? process.env[variable])) ===
    "true";
  const kubeconfig = hasUnknown(plain["kubeconfig"])
    ? undefined
    : readKubeconfig(text("kubeconfig", "KUBECONFIG"));
  const context = text("context", "PULUMI_K8S_CONTEXT");
  return {
    kubeconfig,
    context,
    cluster: text("cluster", "PULUMI_K8S_CLUSTER"),
    namespace: text("namespace", "PULUMI_K8S_NAMESPACE") ?? namespaceOf(kubeconfig, context),
    deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"),
    patchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    upsertExistingObjects: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    mutability: {
      secrets: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
      configMaps: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
    },
  };
}

/** The argument is the contents, in YAML or JSON, or a path; without it kubectl's own default counts. */
function readKubeconfig(argument: string | undefined): string {
  const fallback = path.join(homedir(), ".kube", "config");
  if (argument === undefined) return existsSync(fallback) ? readFileSync(fallback, "utf8") : "";
  if (argument.includes("\n") || argument.trimStart().startsWith("{")) return argument;
  const [file = ""] = argument.split(path.delimiter);
  return existsSync(file) ? readFileSync(file, "utf8") : argument;
}

interface Kubeconfig {
  "current-context"?: string;
  contexts?: { name: string; context: { cluster: string; namespace?: string } }[];
  clusters?: { name: string; cluster: { server: string } }[];
}

function parseKubeconfig(text: string | undefined): Kubeconfig {
  if (text === undefined) return {};
  const parsed = load(text);
  return typeof parsed === "object" && parsed !== null ? parsed : {};
}

function activeContext(config: Kubeconfig, context: string | undefined) {
  const name = context ?? config["current-context"];
  return config.contexts?.find((item) => item.name === name)?.context;
}

function namespaceOf(kubeconfig: string | undefined, context: string | undefined): string {
  return activeContext(parseKubeconfig(kubeconfig), context)?.namespace ?? "default";
}

/** Address of the API server that the arguments lead to. */
export function serverOf(args: PropertyMap): string | undefined {
  const { kubeconfig, context, cluster } = parseConfiguration(args);
  const config = parseKubeconfig(kubeconfig);
  const name = cluster ?? activeContext(config, context)?.cluster;
  return config.clusters?.find((item) => item.name === name)?.cluster.server;
}

/**
 * Another cluster means other objects, so it replaces the provider and all that it manages; a renewed
 * credential does not. `clusterIdentifier` alone decides when it is given; else the server's address.
 */
export function diffConfiguration(olds: PropertyMap, news: PropertyMap): Diff {
  const changes = compare(olds, news);
  const replaces = (path: string) => diffOf(changes, { replaceOn: [path] });
  const identified = news["clusterIdentifier"] ?? olds["clusterIdentifier"];
  if (identified !== undefined) return replaces("clusterIdentifier");
  if (hasUnknown(news["kubeconfig"])) return replaces("kubeconfig");
  return serverOf(olds) === serverOf(news) ? diffOf(changes) : diffOf(changes, EVERYTHING);
}

const EVERYTHING = { replaceOn: ["kubeconfig", "context", "cluster"] };

/** A kubeconfig holds credentials, so it is secret whether or not the program said so. */
export function hideKubeconfig(args: PropertyMap): PropertyMap {
  const { kubeconfig } = args;
  if (kubeconfig === undefined || hasUnknown(kubeconfig)) return args;
  return { ...args, kubeconfig: new Secret(reveal(kubeconfig)) };
}
