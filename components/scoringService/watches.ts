import type { Deployment } from "@pulumi/kubernetes/apps/v1/deployment";
import type { Service } from "@pulumi/kubernetes/core/v1/service";
import type * as pulumi from "@pulumi/pulumi";
import { FixedScale } from "../dataplane/fixedScale";
import { Rollout } from "../dataplane/rollout";
import { ServiceAddress } from "../dataplane/serviceAddress";
import type { ServiceConfig } from "./config";
import { OBJECT_NAME } from "./labels";
import { SERVICE_PORT } from "./network";
import { bounds } from "./scale";
import { READY_PATH } from "./server";
import { versionOf } from "./version";

/** A service and where it runs. */
export interface Place {
  readonly service: ServiceConfig;
  readonly kubeconfig: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
}

/** Watches the pods of a Deployment until they run the version that its specification says. */
export function watchPods(
  name: string,
  { service, kubeconfig, namespace }: Place,
  { deployment, spec }: { readonly deployment: Deployment; readonly spec: object },
  opts: pulumi.CustomResourceOptions,
): Rollout {
  const { min, max } = bounds(service.scale);
  return new Rollout(
    `${name}-rollout`,
    {
      kubeconfig,
      namespace,
      deployment: deployment.metadata.name,
      spec: versionOf(spec),
      minReplicas: min,
      maxReplicas: max,
      timeoutSeconds: service.rolloutTimeoutSeconds,
    },
    opts,
  );
}

/** Waits for the address that a load balancer gives a Service, and for an answer from there. */
export function watchAddress(
  name: string,
  { service, kubeconfig, namespace }: Place,
  { object, spec }: { readonly object: Service; readonly spec: object },
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { address } = new ServiceAddress(
    `${name}-address`,
    {
      kubeconfig,
      namespace,
      service: object.metadata.name,
      spec: versionOf(spec),
      port: SERVICE_PORT,
      path: READY_PATH,
      timeoutSeconds: service.rolloutTimeoutSeconds,
    },
    opts,
  );
  return address;
}

/** Ends an autoscaler before the number of pods becomes fixed, since it would undo that. */
export function releaseScale(
  name: string,
  { service, kubeconfig, namespace }: Place,
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  if (service.scale.kind === "auto") return [];
  const target = { kubeconfig, namespace, deployment: OBJECT_NAME };
  return [new FixedScale(`${name}-fixed-scale`, target, opts)];
}
