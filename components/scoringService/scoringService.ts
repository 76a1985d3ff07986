import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import { Service } from "@pulumi/kubernetes/core/v1/service";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import type { AksCluster } from "../aksCluster/aksCluster";
import { ImageRetention } from "../dataplane/imageRetention";
import { ownNamespace } from "../dataplane/ownNamespace";
import type { Rollout } from "../dataplane/rollout";
import type { RegisteredModel } from "../registeredModel/registeredModel";
import type { ScoringImage } from "../scoringImage/scoringImage";
import { MANAGED, scaledBy, UNAWAITED } from "./annotations";
import type { ServiceConfig } from "./config";
import { formerNames } from "./formerNames";
import * as labels from "./labels";
import * as network from "./network";
import type { ServiceOutputs } from "./outputs";
import { secretData } from "./secretData";
import { sampleFiles } from "./sample/files";
import { secretSettings } from "./secretSettings";
import { createVersionedSecret, type SecretValues } from "./versionedSecret";
import { releaseScale, watchAddress, watchPods, type Place } from "./watches";
import * as workload from "./workload";

/** Arguments of `ScoringService`. */
export interface ScoringServiceArgs {
  readonly service: ServiceConfig;
  /** Models in the image, in the order of the service's configuration. */
  readonly models: readonly RegisteredModel[];
  readonly image: ScoringImage;
  readonly cluster: AksCluster;
  /**
   * Start of the names that the resources may have in the state of an earlier version; undefined
   * where another service has them now.
   */
  readonly formerName?: string;
}

interface Workload {
  readonly deployment: Deployment;
  readonly rollout: Rollout;
}

// Long enough that nobody guesses it, and free of characters that shells or headers treat.
const KEY = { length: 48, special: false };

/**
 * One scoring service in a namespace of its own: two keys, Deployment, Service, autoscaler,
 * disruption budget and network policy. It is done when its pods are ready and its address is
 * known, both of which are watched here; a rollout that fails leaves the pods of the version before
 * it in service, and is watched again by the next update.
 *
 * All of it is known by the namespace, so a service that is renamed in its namespace stays.
 */
export class ScoringService extends pulumi.ComponentResource {
  /** Key of the service in the stack's outputs. */
  readonly serviceName: string;
  /** Either key is good: rotate one while clients use the other. */
  readonly outputs: ServiceOutputs;

  private readonly rollout: pulumi.Resource;
  private readonly image: ScoringImage;
  private readonly namespace: pulumi.Output<string>;
  private readonly inCluster: pulumi.CustomResourceOptions;
  private readonly place: Place;

  constructor(
    componentName: string,
    args: ScoringServiceArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    const { service, models, image, cluster, formerName } = args;
    const name = service.namespace;
    const aliases = formerName === undefined ? [] : [formerNames(name, formerName)];
    const transformations = [...(opts.transformations ?? []), ...aliases];
    super("azureml-aks:index:ScoringService", componentName, {}, { ...opts, transformations });
    this.serviceName = service.name;
    this.image = image;
    this.inCluster = {
      parent: this,
      provider: cluster.provider,
      dependsOn: [...cluster.access],
      // With a cluster of ours all of it goes at once; an attached one is tidied up.
      ...(cluster.owned && { deletedWith: cluster.owned }),
    };
    const namespace = new Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: this.namespaceName(service, cluster),
          labels: labels.namespaceLabels(service),
          annotations: MANAGED,
        },
      },
      { ...this.inCluster, provider: cluster.namespaceProvider },
    );
    this.namespace = namespace.metadata.name;
    this.place = { service, kubeconfig: cluster.kubeconfig, namespace: this.namespace };
    const primaryKey = this.createKey(`${name}-primary-key`, service.keyVersions.primary);
    const secondaryKey = this.createKey(`${name}-secondary-key`, service.keyVersions.secondary);
    const { deployment, rollout } = this.createWorkload(name, args, {
      primary: primaryKey,
      secondary: secondaryKey,
    });
    this.rollout = rollout;
    const address = this.createAddress(name, service, { deployment, rollout });
    this.outputs = {
      scoringUri: pulumi.interpolate`http://${address}/score`,
      swaggerUri: pulumi.interpolate`http://${address}/swagger.json`,
      primaryKey,
      secondaryKey,
      models: models.map(({ model }) => ({ name: model.name, version: model.version })),
      imageDigest: image.digest,
      namespace: this.namespace,
    };
    this.registerOutputs(this.outputs);
  }

  /** In a cluster that is not ours, a namespace may be somebody else's. */
  private namespaceName(service: ServiceConfig, cluster: AksCluster): pulumi.Input<string> {
    const { namespace } = service;
    if (cluster.owned) return namespace;
    const { kubeconfig } = cluster;
    return ownNamespace({ kubeconfig, namespace, labels: labels.OURS }, { parent: this });
  }

  /**
   * Deletes the images before the service's own, once all services run: until then their old pods
   * may have to be pulled again, and one may have taken over another's repository.
   */
  keepImage(services: readonly ScoringService[]): void {
    const { pushed } = this.image;
    if (pushed === undefined) return;
    new ImageRetention(
      `${this.serviceName}-retention`,
      { ...pushed },
      { parent: this, dependsOn: services.map(({ rollout }) => rollout) },
    );
  }

  /** A raised version makes a new key; running pods take it up without a restart. */
  private createKey(name: string, version: number): pulumi.Output<string> {
    const keepers = { version: String(version) };
    return new RandomPassword(name, { ...KEY, keepers }, { parent: this }).result;
  }

  private metadata(service: ServiceConfig, annotations: Readonly<Record<string, string>> = {}) {
    return {
      name: labels.OBJECT_NAME,
      namespace: this.namespace,
      labels: labels.objectLabels(service),
      annotations: { ...MANAGED, ...annotations },
    };
  }

  /** What the pods are made of and scaled by, and the watch over them. */
  private createWorkload(
    name: string,
    args: ScoringServiceArgs,
    keys: Readonly<Record<"primary" | "secondary", pulumi.Output<string>>>,
  ): Workload {
    const { service } = args;
    const spec = this.deploymentSpec(name, args, keys);
    const deployment = this.createDeployment(name, service, spec);
    const scaling = this.createScaling(name, service, deployment);
    const rollout = watchPods(
      name,
      this.place,
      { deployment, spec },
      { parent: this, dependsOn: [deployment, ...scaling] },
    );
    return { deployment, rollout };
  }

  private deploymentSpec(
    name: string,
    { service, models, image }: ScoringServiceArgs,
    keys: Readonly<Record<"primary" | "secondary", pulumi.Output<string>>>,
  ) {
    const account = new ServiceAccount(
      `${name}-account`,
      { metadata: this.metadata(service), automountServiceAccountToken: false },
      this.inCluster,
    );
    const secret = new Secret(
      `${name}-keys`,
      {
        metadata: this.metadata(service),
        data: secretData(keys),
      },
      this.inCluster,
    );
    const versioned = (part: string, values: SecretValues | undefined) =>
      values &&
      createVersionedSecret({ name, part }, values, this.metadata(service), this.inCluster);
    return workload.deployment({
      service,
      models: models.map(({ model }) => model),
      image: image.reference,
      serviceAccountName: account.metadata.name,
      secretName: secret.metadata.name,
      settingsName: versioned("settings", secretSettings(service)),
      sampleName: versioned("sample", service.sample && sampleFiles(service.sample)),
    });
  }

  private createDeployment(
    name: string,
    service: ServiceConfig,
    spec: ReturnType<typeof workload.deployment>,
  ): Deployment {
    const { scale } = service;
    const rules = new NetworkPolicy(
      `${name}-network`,
      { metadata: this.metadata(service), spec: network.networkPolicy(service) },
      this.inCluster,
    );
    const beforehand = { parent: this, dependsOn: this.inCluster.dependsOn };
    return new Deployment(
      name,
      { metadata: this.metadata(service, { ...UNAWAITED, ...scaledBy(scale) }), spec },
      {
        ...this.inCluster,
        // No pod starts before the rules about whom it may talk to are there.
        dependsOn: [rules, ...releaseScale(name, this.place, beforehand)],
        // The autoscaler's number of pods stays; ours is the one to start with.
        ignoreChanges: scale.kind === "auto" ? ["spec.replicas"] : [],
      },
    );
  }

  private createScaling(
    name: string,
    service: ServiceConfig,
    deployment: Deployment,
  ): readonly pulumi.Resource[] {
    new PodDisruptionBudget(
      `${name}-disruption`,
      { metadata: this.metadata(service), spec: workload.disruptionBudget(service) },
      this.inCluster,
    );
    if (service.scale.kind === "fixed") return [];
    return [
      new HorizontalPodAutoscaler(
        `${name}-autoscaler`,
        {
          metadata: this.metadata(service),
          spec: workload.autoscaler(service.scale, deployment.metadata.name),
        },
        this.inCluster,
      ),
    ];
  }

  /** Host that clients call: the load balancer's address, or the name within the cluster. */
  private createAddress(
    name: string,
    service: ServiceConfig,
    { deployment, rollout }: Workload,
  ): pulumi.Output<string> {
    const annotations = { ...UNAWAITED, ...network.exposureAnnotations(service.exposure) };
    const spec = network.scoringService(service);
    const object = new Service(
      `${name}-service`,
      { metadata: this.metadata(service, annotations), spec },
      { ...this.inCluster, dependsOn: [deployment] },
    );
    if (service.exposure === "cluster") {
      return pulumi.interpolate`${object.metadata.name}.${this.namespace}.svc.cluster.local`;
    }
    // An address answers only once a pod does.
    return watchAddress(
      name,
      this.place,
      { object, spec: { annotations, spec } },
      { parent: this, dependsOn: [object, rollout] },
    );
  }
}
