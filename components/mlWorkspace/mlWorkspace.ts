import { Component } from "@pulumi/azure-native/applicationinsights/component";
import { Registry } from "@pulumi/azure-native/containerregistry/registry";
import { Vault } from "@pulumi/azure-native/keyvault/vault";
import { Workspace } from "@pulumi/azure-native/machinelearningservices/workspace";
import { Workspace as LogAnalytics } from "@pulumi/azure-native/operationalinsights/workspace";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random/randomString";
import { Ownership } from "../dataplane/ownership";
import { StorageSku } from "../dataplane/storageSku";
import type { Deployer, WorkspaceSource } from "../existing";
import { defaultContainerOutput } from "../existing/defaultDatastore";
import { ofMade } from "../outputs/ofMade";
import { movable } from "../ownership/movable";
import { blobEndpointOf, groupOf, loginServerOf, nameOf } from "../resourceIds/readById";
import { grantRole, type RoleName } from "../roles/roles";
import { workspaceNames } from "./names";
import { tagged } from "../tags/tagged";
import * as specs from "./specs";

/** Arguments of `MlWorkspace`. */
export interface MlWorkspaceArgs {
  /** A change of a new workspace's name replaces everything. */
  readonly source: WorkspaceSource;
  readonly deployer: Deployer;
}

type NewWorkspace = Extract<WorkspaceSource, { mode: "new" }>;

/** What a new workspace consists of. */
interface Created {
  /** All of it but the roles. */
  readonly parts: readonly pulumi.Resource[];
  readonly account: StorageAccount;
  readonly registry: Registry;
  readonly workspace: Workspace;
  readonly group: ResourceGroup;
}

/**
 * The Azure Machine Learning workspace, the storage behind it and the registry beside it.
 *
 * New: resource group, storage account, key vault, Log Analytics and Application Insights,
 * container registry, workspace, and the deployer's roles on storage and registry; keys of the
 * storage account and the registry's admin user are switched off. Existing: nothing in Azure.
 */
export class MlWorkspace extends pulumi.ComponentResource {
  /** ARM id of the workspace. */
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  readonly location: pulumi.Output<string>;
  readonly blobEndpoint: pulumi.Output<string>;
  /** Container of the workspace's default datastore. */
  readonly containerName: pulumi.Output<string>;
  readonly registryId: pulumi.Output<string>;
  /** Host name of the registry, the first part of an image's name. */
  readonly loginServer: pulumi.Output<string>;
  /** What must be there before blobs or images are written: the deployer's roles. */
  readonly access: readonly pulumi.Resource[];
  /** Whether this stack has assigned them; on an existing workspace somebody else has. */
  readonly grantsRoles: boolean;
  /** Random, and the stack's for good: marks what it uploads, wherever the workspace is. */
  readonly stackId: pulumi.Output<string>;

  constructor(name: string, args: MlWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("azureml-aks:index:MlWorkspace", name, {}, movable(opts));
    const { source, deployer } = args;
    this.grantsRoles = source.mode === "new";
    this.stackId = new RandomString(`${name}-stack`, specs.STACK_ID, { parent: this }).result;
    if (source.mode === "existing") {
      this.id = pulumi.output(source.id);
      this.name = pulumi.output(source.name);
      this.resourceGroupName = pulumi.output(source.resourceGroupName);
      this.location = pulumi.output(source.location);
      this.blobEndpoint = pulumi.output(source.blobEndpoint);
      this.containerName = pulumi.output(source.containerName);
      this.registryId = pulumi.output(source.registryId);
      this.loginServer = pulumi.output(source.loginServer);
      const note = { key: "workspace.mode", resourceId: source.id, members: [] };
      this.access = [new Ownership(name, note, { parent: this })];
    } else {
      const created = this.create(name, source, deployer);
      this.id = created.workspace.id;
      this.name = nameOf(created.workspace.id);
      this.resourceGroupName = nameOf(created.group.id);
      this.location = pulumi.output(source.location ?? created.group.location);
      this.blobEndpoint = blobEndpointOf(created.account.id, { parent: this });
      this.containerName = this.defaultContainer(created);
      this.registryId = created.registry.id;
      this.loginServer = loginServerOf(created.registry.id, { parent: this });
      const roles = this.grantAccess(name, created, deployer);
      const members = [...created.parts, ...roles];
      const note = { key: "workspace.mode", resourceId: this.id, members };
      new Ownership(name, note, { parent: this });
      this.access = roles;
    }
    this.registerOutputs({
      id: this.id,
      name: this.name,
      resourceGroupName: this.resourceGroupName,
      location: this.location,
      blobEndpoint: this.blobEndpoint,
      containerName: this.containerName,
      registryId: this.registryId,
      loginServer: this.loginServer,
    });
  }

  private create(name: string, source: NewWorkspace, deployer: Deployer): Created {
    const parent = { parent: this };
    const suffix = this.suffix(name, source);
    const names = ofMade(suffix.result, (text) => workspaceNames(source.name, text));
    const tags = tagged(source.tags);

    const group = new ResourceGroup(
      `${name}-group`,
      { resourceGroupName: names.resourceGroup, ...tags },
      parent,
    );
    const place = { resourceGroupName: nameOf(group.id), location: group.location, ...tags };
    const sku = this.storageSku(name, source, deployer, group);
    const account = new StorageAccount(
      `${name}-storage`,
      {
        ...place,
        ...specs.STORAGE_ACCOUNT,
        sku: { name: sku.sku },
        accountName: names.storageAccount,
      },
      parent,
    );
    const vault = new Vault(
      `${name}-vault`,
      { ...place, vaultName: names.keyVault, properties: specs.vault(deployer.tenantId) },
      parent,
    );
    const logs = new LogAnalytics(
      `${name}-logs`,
      { ...place, ...specs.LOG_ANALYTICS, workspaceName: names.logAnalytics },
      parent,
    );
    const insights = new Component(
      `${name}-insights`,
      {
        ...place,
        ...specs.APPLICATION_INSIGHTS,
        resourceName: names.applicationInsights,
        workspaceResourceId: logs.id,
      },
      parent,
    );
    const registry = new Registry(
      `${name}-registry`,
      { ...place, ...specs.REGISTRY, registryName: names.registry },
      parent,
    );
    const workspace = new Workspace(
      name,
      {
        ...place,
        ...specs.WORKSPACE,
        workspaceName: names.workspace,
        storageAccount: account.id,
        keyVault: vault.id,
        applicationInsights: insights.id,
        containerRegistry: registry.id,
      },
      parent,
    );
    const parts = [suffix, group, sku, account, vault, logs, insights, registry, workspace];
    return { account, registry, workspace, group, parts };
  }

  /**
   * Random part of all names. Another region and another name have another one: names that were used
   * before are not free at once, see `workspaceNames`. Both are part of the resource's name and not
   * keepers, because a keeper would replace everything of the stacks that were made without one.
   */
  private suffix(name: string, { location, name: start }: NewWorkspace): RandomString {
    const general = `${name}-suffix`;
    const parts = location === undefined ? [general, start] : [general, location, start];
    return new RandomString(parts.join("-"), specs.SUFFIX, {
      parent: this,
      aliases: [{ name: general }],
    });
  }

  private storageSku(
    name: string,
    source: NewWorkspace,
    { subscriptionId }: Deployer,
    group: ResourceGroup,
  ): StorageSku {
    const location = source.location ?? group.location;
    const args = { subscriptionId, location, wanted: source.storageSku };
    return new StorageSku(`${name}-storage-sku`, args, { parent: this });
  }

  /** Azure ML makes this container, with a name of its own choice, when it makes the workspace. */
  private defaultContainer({ workspace: { id } }: Created): pulumi.Output<string> {
    const container = ofMade(id, () =>
      defaultContainerOutput(
        { resourceGroupName: groupOf(id), workspaceName: nameOf(id) },
        { parent: this },
      ).apply((name) => name ?? ""),
    );
    return container.apply((name) => {
      if (name === "") {
        throw new pulumi.RunError("the workspace's default datastore is not a blob container");
      }
      return name;
    });
  }

  private grantAccess(
    name: string,
    { account, registry }: Created,
    { objectId, subscriptionId }: Deployer,
  ): readonly pulumi.Resource[] {
    const grant = (suffix: string, role: RoleName, scope: pulumi.Output<string>) =>
      grantRole(
        `${name}-${suffix}`,
        { role, scope, principalId: objectId, subscriptionId },
        { parent: this },
      );
    return [
      grant("upload-role", "Storage Blob Data Contributor", account.id),
      grant("push-role", "AcrPush", registry.id),
      grant("delete-role", "AcrDelete", registry.id),
    ];
  }
}
