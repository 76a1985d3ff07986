import { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster";
import { listManagedClusterUserCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterUserCredentials";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { ClusterAccess } from "../dataplane/clusterAccess";
import { ClusterOffer } from "../dataplane/clusterOffer";
import { Ownership } from "../dataplane/ownership";
import type { ClusterSource, Deployer } from "../existing";
import type { MlWorkspace } from "../mlWorkspace/mlWorkspace";
import { ofMade } from "../outputs/ofMade";
import { movable } from "../ownership/movable";
import { groupOf, identityIds, nameOf, type IdentityIds } from "../resourceIds/readById";
import { grantRole } from "../roles/roles";
import { tagged } from "../tags/tagged";
import { withLoginMethod } from "./kubeconfig";
import { kubeloginEnvironment, loginMethod, withDeployer } from "./login";
import { managedCluster, MOVED_BY_AKS } from "./managedCluster";
import type { LoginMethod } from "./config";
import type { Identity } from "../signIn/identity";

type NewCluster = Extract<ClusterSource, { mode: "create" }>;
type AttachedCluster = Extract<ClusterSource, { mode: "attach" }>;

/** Arguments of `AksCluster`. */
export interface AksClusterArgs {
  readonly source: ClusterSource;
  readonly workspace: MlWorkspace;
  readonly deployer: Deployer;
}

interface Target {
  readonly id: pulumi.Output<string>;
  /** The cluster when it is ours: what lies in it goes with it. */
  readonly owned?: ManagedCluster;
  /** What must be there before a pod can run or be deployed. */
  readonly access: readonly pulumi.Resource[];
}

/** How what goes into the cluster gets there. */
interface Login {
  readonly target: Target;
  readonly identity: Identity;
  /** There once the deployer's role works. */
  readonly usable: pulumi.Resource;
}

/** An identity that is made here. */
interface OwnIdentity extends IdentityIds {
  readonly resource: UserAssignedIdentity;
}

/** Identities of a cluster of ours. */
interface Identities {
  readonly controlPlane: OwnIdentity;
  readonly kubelet: OwnIdentity;
  /** The control plane's right to hand the kubelet its identity. */
  readonly operate: pulumi.Resource;
}

// Creating and deleting take AKS about 10 minutes, at times much longer.
const TIMEOUTS = { create: "60m", update: "60m", delete: "60m" };

/**
 * The Kubernetes cluster that the services run on, created or attached.
 *
 * Created: two identities made and given their roles before the cluster needs them, the cluster,
 * and the deployer's role in it. Attached: at most the kubelet's role to pull from the registry.
 * Either way the outputs are the same.
 */
export class AksCluster extends pulumi.ComponentResource {
  /** ARM id of the cluster. */
  readonly id: pulumi.Output<string>;
  /** Secret; good for anyone whom Entra signs in, since it holds no key. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Provider for what goes into namespaces of ours; takes up what exists there. */
  readonly provider: Provider;
  /** Provider for namespaces; on an attached cluster it refuses one that exists. */
  readonly namespaceProvider: Provider;
  /** What pods need before they can start, above all the right to pull. */
  readonly access: readonly pulumi.Resource[];
  /** The cluster when it is ours, for `deletedWith`. */
  readonly owned: pulumi.Resource | undefined;

  constructor(name: string, args: AksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("azureml-aks:index:AksCluster", name, {}, movable(opts));
    const { source } = args;
    const target =
      source.mode === "attach" ? this.attach(name, args, source) : this.create(name, args, source);

    const { identity } = args.deployer;
    this.kubeconfig = this.readKubeconfig(target.id, loginMethod(source, identity));
    const usable = new ClusterAccess(
      `${name}-access`,
      {
        clusterId: target.id,
        kubeconfig: this.kubeconfig,
        isGranted: target.owned !== undefined,
      },
      { parent: this, dependsOn: [...target.access] },
    );
    // What an interrupted run left is taken up again, since nobody else makes anything there ...
    const shared = { target, identity, usable };
    this.provider = this.kubernetesProvider(`${name}-provider`, shared, true);
    // ... except that a namespace of an attached cluster may be somebody else's.
    this.namespaceProvider = target.owned
      ? this.provider
      : this.kubernetesProvider(`${name}-namespace-provider`, shared, false);
    this.id = target.id;
    this.access = target.access;
    this.owned = target.owned;
    this.registerOutputs({ id: this.id, kubeconfig: this.kubeconfig });
  }

  private readKubeconfig(id: pulumi.Output<string>, login: LoginMethod): pulumi.Output<string> {
    const credentials = ofMade(id, () =>
      listManagedClusterUserCredentialsOutput(
        { resourceGroupName: groupOf(id), resourceName: nameOf(id), format: "exec" },
        { parent: this },
      ),
    );
    const kubeconfig = ofMade(credentials, ({ kubeconfigs: [first] }) => {
      if (first === undefined) throw new pulumi.RunError("the cluster has no user credentials");
      return withLoginMethod(Buffer.from(first.value, "base64").toString(), login);
    });
    return pulumi.secret(kubeconfig);
  }

  private kubernetesProvider(
    name: string,
    { target, identity, usable }: Login,
    takeUpExisting: boolean,
  ): Provider {
    return new Provider(
      name,
      {
        kubeconfig: this.kubeconfig.apply((known) => withDeployer(known, identity)),
        // The cluster's id says whether it is the same one: renewed credentials replace nothing.
        clusterIdentifier: target.id,
        enableServerSideApply: true,
        // A new key changes the Secret in place, so that no pod ever misses it.
        enableSecretMutable: true,
        upsertExistingObjects: takeUpExisting,
      },
      {
        parent: this,
        dependsOn: [...target.access, usable],
        envVarMappings: kubeloginEnvironment(identity),
      },
    );
  }

  private attach(name: string, args: AksClusterArgs, source: AttachedCluster): Target {
    const kubeletObjectId = pulumi.output(source.kubeletObjectId);
    const note = { key: "cluster.mode", resourceId: source.id, members: [] };
    const usable = new Ownership(name, note, { parent: this });
    return {
      id: pulumi.output(source.id),
      access: source.grantPull ? [usable, this.grantPull(name, args, kubeletObjectId)] : [usable],
    };
  }

  private create(name: string, args: AksClusterArgs, source: NewCluster): Target {
    const { resourceGroupName, location } = args.workspace;
    const identities = this.createIdentities(name, args, source);
    const pull = this.grantPull(name, args, identities.kubelet.principalId);
    const cluster = new ManagedCluster(
      name,
      {
        resourceGroupName,
        location,
        resourceName: source.name,
        ...managedCluster(source, {
          controlPlaneId: identities.controlPlane.id,
          kubeletId: identities.kubelet.id,
          kubeletClientId: identities.kubelet.clientId,
          kubeletObjectId: identities.kubelet.principalId,
          tenantId: args.deployer.tenantId,
        }),
      },
      {
        parent: this,
        dependsOn: [identities.operate, pull],
        customTimeouts: TIMEOUTS,
        ignoreChanges: MOVED_BY_AKS,
      },
    );
    const administer = this.grantAdministration(name, args, cluster);
    // The role to pull stays with who runs services on the cluster.
    const { controlPlane, kubelet, operate } = identities;
    const members = [controlPlane.resource, kubelet.resource, operate, cluster, administer];
    const note = { key: "cluster.mode", resourceId: cluster.id, members };
    new Ownership(name, note, { parent: this });
    this.holdAgainstRegion(name, args, source, cluster);
    return {
      id: cluster.id,
      owned: cluster,
      access: [pull, administer],
    };
  }

  private holdAgainstRegion(
    name: string,
    { workspace, deployer }: AksClusterArgs,
    { nodes, kubernetesVersion, supportPlan }: NewCluster,
    cluster: ManagedCluster,
  ): void {
    new ClusterOffer(
      `${name}-offer`,
      {
        subscriptionId: deployer.subscriptionId,
        location: workspace.location,
        clusterId: cluster.id,
        vmSize: nodes.vmSize,
        zones: nodes.availabilityZones,
        kubernetesVersion,
        supportPlan,
      },
      { parent: this },
    );
  }

  /** Made beforehand, since the cluster needs what they may do while it is being created. */
  private createIdentities(
    name: string,
    { workspace, deployer }: AksClusterArgs,
    source: NewCluster,
  ): Identities {
    const identity = (role: string): OwnIdentity => {
      const resource = new UserAssignedIdentity(
        `${name}-${role}-identity`,
        {
          resourceGroupName: workspace.resourceGroupName,
          location: workspace.location,
          resourceName: `id-${source.name}-${role}`,
          ...tagged(source.tags),
        },
        { parent: this },
      );
      return { resource, ...identityIds(resource.id, { parent: this }) };
    };
    const controlPlane = identity("control-plane");
    const kubelet = identity("kubelet");
    const operate = grantRole(
      `${name}-operate-role`,
      {
        role: "Managed Identity Operator",
        scope: kubelet.id,
        principalId: controlPlane.principalId,
        principalType: "ServicePrincipal",
        subscriptionId: deployer.subscriptionId,
      },
      { parent: this },
    );
    return { controlPlane, kubelet, operate };
  }

  /** What runs Pulumi deploys into the cluster. */
  private grantAdministration(
    name: string,
    { deployer }: AksClusterArgs,
    cluster: ManagedCluster,
  ): pulumi.Resource {
    return grantRole(
      `${name}-deploy-role`,
      {
        role: "Azure Kubernetes Service RBAC Cluster Admin",
        scope: cluster.id,
        principalId: deployer.objectId,
        subscriptionId: deployer.subscriptionId,
      },
      { parent: this },
    );
  }

  /** Nodes pull with the kubelet's identity, not with the cluster's. */
  private grantPull(
    name: string,
    { workspace, deployer }: AksClusterArgs,
    kubeletObjectId: pulumi.Input<string>,
  ): pulumi.Resource {
    return grantRole(
      `${name}-pull-role`,
      {
        role: "AcrPull",
        scope: workspace.registryId,
        principalId: kubeletObjectId,
        principalType: "ServicePrincipal",
        subscriptionId: deployer.subscriptionId,
      },
      { parent: this },
    );
  }
}
