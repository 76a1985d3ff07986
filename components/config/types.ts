import type { ContentFile } from "../validation/contentFiles";

/** How the workspace comes about: created with what it needs, or one that exists and is only read. */
export type WorkspaceConfig =
  | { readonly mode: "new"; readonly name: string; readonly tags: Readonly<Record<string, string>> }
  | {
      readonly mode: "existing";
      readonly subscriptionId: string;
      readonly resourceGroupName: string;
      readonly workspaceName: string;
    };

/** Sign-in methods of `kubelogin`, the tool that Entra-enabled clusters ask for a token. */
export const LOGIN_METHODS = [
  "azurecli",
  "azd",
  "spn",
  "workloadidentity",
  "msi",
  "devicecode",
  "interactive",
] as const;
export type LoginMethod = (typeof LOGIN_METHODS)[number];

/** Nodes of a cluster that the program creates. */
export interface NodePoolConfig {
  readonly vmSize: string;
  readonly minCount: number;
  readonly maxCount: number;
  readonly availabilityZones: readonly string[];
}

/** Where the services run: a cluster of our own, or an existing one that is only used. */
export type ClusterConfig =
  | {
      readonly mode: "create";
      readonly name: string;
      readonly login: LoginMethod;
      /** AKS's default version when undefined. */
      readonly kubernetesVersion?: string;
      readonly tier: "Free" | "Standard";
      readonly nodes: NodePoolConfig;
      readonly authorizedIpRanges: readonly string[];
      readonly tags: Readonly<Record<string, string>>;
    }
  | {
      readonly mode: "attach";
      readonly login: LoginMethod;
      readonly resourceId: string;
      /** False when the cluster's kubelet may pull from the registry already. */
      readonly grantPull: boolean;
    };

/** One model to register. */
export interface ModelConfig {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly files: readonly ContentFile[];
  /** Version by content, see `contentVersion`. */
  readonly version: string;
  /** True when the model's name is registered in the workspace by somebody else. */
  readonly useExistingContainer: boolean;
}

/** What goes into one scoring image. */
export interface ImageConfig {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The entry script and the files it needs beside it; the script is the first. */
  readonly code: readonly ContentFile[];
  readonly condaFile: ContentFile;
  /** Image with Python and pip to build on. */
  readonly baseImage: string;
}

/** CPU and memory, as Kubernetes quantities. */
export interface ResourceAmounts {
  readonly cpu: string;
  readonly memory: string;
}

/** Number of pods: fixed, or within bounds by load. */
export type ScaleConfig =
  | { readonly kind: "fixed"; readonly replicas: number }
  | {
      readonly kind: "auto";
      readonly minReplicas: number;
      readonly maxReplicas: number;
      /** Percent of the requested CPU. */
      readonly targetCpuUtilization: number;
    };

/** Who can reach a service: everybody, the virtual network, or pods of the cluster. */
export const EXPOSURES = ["public", "internal", "cluster"] as const;
export type Exposure = (typeof EXPOSURES)[number];

/** One scoring service. */
export interface ServiceConfig {
  readonly name: string;
  readonly namespace: string;
  readonly models: readonly string[];
  readonly image: ImageConfig;
  readonly scale: ScaleConfig;
  readonly requests: ResourceAmounts;
  readonly limits: ResourceAmounts;
  readonly exposure: Exposure;
  /** False blocks every connection that a pod opens. */
  readonly allowEgress: boolean;
  /** A raised number makes a new key. */
  readonly keyVersions: { readonly primary: number; readonly secondary: number };
  /** Settings of the scoring server by environment variable. */
  readonly settings: Readonly<Record<string, string>>;
  /** Longest wait for a rollout, in seconds. */
  readonly rolloutTimeoutSeconds: number;
}

/** The whole configuration, checked. */
export interface ProgramConfig {
  readonly workspace: WorkspaceConfig;
  readonly cluster: ClusterConfig;
  readonly models: readonly ModelConfig[];
  readonly services: readonly ServiceConfig[];
}
