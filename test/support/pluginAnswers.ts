import * as pulumi from "@pulumi/pulumi";

/** What a resource or a provider function was given. */
export type Values = Readonly<Record<string, unknown>>;

/** Answers one provider function; absent tokens make the program fail. */
export type Calls = Readonly<Record<string, (inputs: Values) => Values>>;

/** A resource as the mocks see it. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Values;
}

export const SUBSCRIPTION = "00000000-0000-0000-0000-00000000abcd";

/** What functions of the plugins answer. */
export const FUNCTION_ANSWERS: Calls = {
  "azure-native:authorization:getClientConfig": () => ({
    objectId: "deployer",
    clientId: "client",
    subscriptionId: SUBSCRIPTION,
    tenantId: "tenant",
  }),
  "azure-native:machinelearningservices:getDatastore": () => ({
    properties: { datastoreType: "AzureBlob", containerName: "azureml-blobstore-1" },
  }),
  "azure-native:containerregistry:getRegistry": () => ({ loginServer: "registry.example" }),
  "azure-native:storage:getStorageAccount": () => ({
    primaryEndpoints: { blob: "https://storage.blob.example/" },
  }),
  "azure-native:managedidentity:getUserAssignedIdentity": ({ resourceName }) => ({
    principalId: `principal-of-${String(resourceName)}`,
    clientId: `client-of-${String(resourceName)}`,
  }),
  "azure-native:containerservice:listManagedClusterUserCredentials": () => ({
    kubeconfigs: [{ name: "user", value: Buffer.from(KUBECONFIG).toString("base64") }],
  }),
  "dataplane:index:namespace": () => ({}),
  "dataplane:index:registryCredentials": () => ({ username: "token", password: "refresh-token" }),
};

const KUBECONFIG = JSON.stringify({
  users: [
    {
      name: "user",
      user: { exec: { command: "kubelogin", args: ["get-token", "--login", "devicecode"] } },
    },
  ],
});

/** Another image has another digest, as in a registry. */
function repoDigest(imageName: string): string {
  const [repository = "", tag = ""] = imageName.split(":");
  return `${repository}@sha256:of-${tag}`;
}

/** What a plugin answers about a resource that it has made. */
export function resourceAnswer(args: RecordedResource): object {
  const { type, name, inputs } = args;
  const azureName = (key: string) => ({ name: String(inputs[key]) });
  switch (type) {
    case "random:index/randomString:RandomString":
      return { result: "a1b2c3d4" };
    case "random:index/randomPassword:RandomPassword":
      return { result: pulumi.secret(`secret-of-${name}`) };
    case "azure-native:resources:ResourceGroup":
      return { ...azureName("resourceGroupName"), location: "westeurope" };
    case "azure-native:storage:StorageAccount":
      return {
        ...azureName("accountName"),
        primaryEndpoints: { blob: "https://storage.blob.example/" },
      };
    case "azure-native:containerregistry:Registry":
      return { ...azureName("registryName"), loginServer: "registry.example" };
    case "azure-native:machinelearningservices:Workspace":
      return azureName("workspaceName");
    case "azure-native:containerservice:ManagedCluster":
      return azureName("resourceName");
    case "azure-native:managedidentity:UserAssignedIdentity":
      return { principalId: `principal-of-${name}`, clientId: `client-of-${name}` };
    case "docker:index/image:Image":
      return { repoDigest: repoDigest(String(inputs.imageName)) };
    case "dataplane:index:ImageBuild":
      return {
        reference: repoDigest(
          `${String(inputs.loginServer)}/${String(inputs.repository)}:${String(inputs.tag)}`,
        ),
      };
    case "dataplane:index:StorageSku":
      return { sku: "Standard_ZRS" };
    case "dataplane:index:ServiceAddress":
      return { address: "192.0.2.7" };
    default:
      return {};
  }
}

/** The id that a plugin gives a resource. */
export function resourceId({ type, name, inputs }: RecordedResource): string {
  if (!type.startsWith("azure-native:")) return name;
  const subscription = `/subscriptions/${SUBSCRIPTION}`;
  if (type === "azure-native:resources:ResourceGroup") {
    return `${subscription}/resourceGroups/${String(inputs.resourceGroupName)}`;
  }
  const inAzure = NAMED_BY_ARGUMENT.includes(type) ? String(inputs.workspaceName) : name;
  const kind = type.split(":").pop();
  return `${subscription}/resourceGroups/group/providers/Microsoft.Test/${kind}/${inAzure}`;
}

/** Resources whose name in Azure others refer to. */
const NAMED_BY_ARGUMENT = ["azure-native:machinelearningservices:Workspace"];
