import type { KubernetesObject, Metadata } from "../object";

/** The parts of objects that waiting looks at, as the API server sends them. */

export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

export interface Deployment extends KubernetesObject {
  spec: {
    replicas?: number;
    selector: { matchLabels?: Record<string, string> };
    paused?: boolean;
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    conditions?: Condition[];
  };
}

export interface Service extends KubernetesObject {
  spec: { type?: string; clusterIP?: string; selector?: Record<string, string> };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

export interface EndpointSlice {
  endpoints?: {
    addresses?: string[];
    conditions?: { ready?: boolean; terminating?: boolean };
    targetRef?: { name?: string };
  }[];
}

export interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: { startedAt?: string };
  terminated?: {
    exitCode: number;
    reason?: string;
    message?: string;
    signal?: number;
    finishedAt?: string;
  };
}

export interface ContainerStatus {
  name: string;
  image?: string;
  ready?: boolean;
  restartCount?: number;
  state?: ContainerState;
  lastState?: ContainerState;
}

export interface Pod {
  metadata: Metadata & { name: string; namespace: string; uid: string };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    startTime?: string;
    conditions?: Condition[];
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
}

export interface ReplicaSet {
  metadata: Metadata & { uid: string };
}

export interface Event {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string;
  lastTimestamp?: string;
  eventTime?: string;
  involvedObject?: { uid?: string; kind?: string; name?: string };
  series?: { count?: number; lastObservedTime?: string };
}

/** In ms since 1970. */
export interface WaitTimes {
  /** When the wait began: what failed before may have been repaired by what is being deployed. */
  since: number;
  now: number;
}

/** Where the wait for an object stands. */
export type Verdict =
  | { state: "ready" }
  /** `message` is what is missing. */
  | { state: "waiting"; message: string }
  /** It will not become ready by waiting longer. */
  | { state: "hopeless"; message: string };

export function waiting(message: string): Verdict {
  return { state: "waiting", message };
}

export function hopeless(message: string): Verdict {
  return { state: "hopeless", message };
}

export const READY: Verdict = { state: "ready" };
