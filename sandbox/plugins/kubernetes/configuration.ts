import { load } from "js-yaml";
import { compare, diffOf, hasUnknown, reveal, revealMap, Secret } from "../protocol";
import type { Diff, PropertyMap } from "../protocol";

/** The provider's arguments. */
export interface Configuration {
  /** Contents of the kubeconfig; undefined while it is not known. */
  kubeconfig?: string;
  /** Where objects go that name no namespace. */
  namespace: string;
  deleteUnreachable: boolean;
  upsertExistingObjects: boolean;
  /** Whether the content of a Secret may change in place. */
  mutableSecrets: boolean;
}

const OFFERED = [
  "clusterIdentifier",
  "deleteUnreachable",
  "enableSecretMutable",
  "enableServerSideApply",
  "kubeconfig",
  "namespace",
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

/**
 * Reads the arguments; what is unknown counts as not given.
 *
 * @throws when the kubeconfig is a path instead of the contents
 */
export function parseConfiguration(args: PropertyMap): Configuration {
  const plain = revealMap(args);
  const isOn = (name: string) => [true, "true"].includes(plain[name] as boolean | string);
  const { kubeconfig = "", namespace } = plain;
  const contents = typeof kubeconfig === "string" ? kubeconfig : undefined;
  if (contents && !/[\n{]/.test(contents)) {
    throw new Error("this stand-in takes the contents of a kubeconfig, not the path of one");
  }
  return {
    kubeconfig: contents,
    namespace: typeof namespace === "string" ? namespace : namespaceOf(contents),
    deleteUnreachable:
      isOn("deleteUnreachable") || process.env["PULUMI_K8S_DELETE_UNREACHABLE"] === "true",
    upsertExistingObjects: isOn("upsertExistingObjects"),
    mutableSecrets: isOn("enableSecretMutable"),
  };
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

function currentContext(config: Kubeconfig) {
  return config.contexts?.find(({ name }) => name === config["current-context"])?.context;
}

function namespaceOf(kubeconfig: string | undefined): string {
  return currentContext(parseKubeconfig(kubeconfig))?.namespace ?? "default";
}

/** Address of the API server that the arguments lead to. */
function serverOf(args: PropertyMap): string | undefined {
  const config = parseKubeconfig(parseConfiguration(args).kubeconfig);
  const name = currentContext(config)?.cluster;
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
  return serverOf(olds) === serverOf(news) ? diffOf(changes) : replaces("kubeconfig");
}

/** A kubeconfig holds credentials, so it is secret whether or not the program said so. */
export function hideKubeconfig(args: PropertyMap): PropertyMap {
  const { kubeconfig } = args;
  if (kubeconfig === undefined || hasUnknown(kubeconfig)) return args;
  return { ...args, kubeconfig: new Secret(reveal(kubeconfig)) };
}
