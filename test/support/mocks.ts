import * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs, MockResourceArgs, MockResourceResult } from "@pulumi/pulumi/runtime";

/** Answers one provider function; absent tokens make the program fail. */
export type Calls = Readonly<Record<string, (inputs: MockCallArgs["inputs"]) => object>>;

/** Everything a program registered and asked for. */
export interface Recording {
  readonly resources: MockResourceArgs[];
  readonly calls: MockCallArgs[];
}

export const SUBSCRIPTION = "00000000-0000-0000-0000-00000000abcd";

const DEFAULT_CALLS: Calls = {
  "azure-native:authorization:getClientConfig": () => ({
    objectId: "deployer",
    clientId: "client",
    subscriptionId: SUBSCRIPTION,
    tenantId: "tenant",
  }),
  "azure-native:machinelearningservices:getDatastore": () => ({
    properties: { datastoreType: "AzureBlob", containerName: "azureml-blobstore-1" },
  }),
  "azure-native:containerservice:listManagedClusterUserCredentials": () => ({
    kubeconfigs: [{ name: "user", value: Buffer.from(KUBECONFIG).toString("base64") }],
  }),
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

function outputs(args: MockResourceArgs): object {
  const { type, name, inputs } = args;
  const azureName = (key: string) => ({ name: String((inputs as Record<string, unknown>)[key]) });
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
      return { repoDigest: `${String(inputs.imageName).split(":")[0]}@sha256:feed` };
    case "kubernetes:core/v1:Service":
      return { status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } } };
    default:
      return {};
  }
}

function resourceId({ type, name }: MockResourceArgs): string {
  const prefix = `/subscriptions/${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.Test`;
  return type.startsWith("azure-native:") ? `${prefix}/${type.split(":").pop()}/${name}` : name;
}

/**
 * Starts Pulumi's mocks; a provider function that no test foresaw fails the program.
 *
 * @param calls answers that replace or complete the usual ones.
 */
export async function startMocks(calls: Calls = {}, preview = false): Promise<Recording> {
  const recording: Recording = { resources: [], calls: [] };
  const answers = { ...DEFAULT_CALLS, ...calls };
  await pulumi.runtime.setMocks(
    {
      newResource(args: MockResourceArgs): MockResourceResult {
        recording.resources.push(args);
        return { id: resourceId(args), state: { ...args.inputs, ...outputs(args) } };
      },
      call(args: MockCallArgs) {
        recording.calls.push(args);
        const answer = answers[args.token];
        if (answer === undefined) throw new Error(`unexpected provider function ${args.token}`);
        return answer(args.inputs) as Record<string, unknown>;
      },
    },
    "azureml-aks",
    "test",
    preview,
  );
  return recording;
}

/** Resources of one type, in the order of registration. */
export function ofType(recording: Recording, type: string): readonly MockResourceArgs[] {
  return recording.resources.filter((resource) => resource.type === type);
}

/**
 * The only resource of a type.
 *
 * @throws Error when there is none, or more than one.
 */
export function single(recording: Recording, type: string): MockResourceArgs {
  const found = ofType(recording, type);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`expected one ${type}, found ${found.length}`);
  }
  return only;
}

const LONGEST_WAIT_MS = 5_000;

/** Value of an output; rejects instead of hanging when the output fails. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error("the output did not resolve")),
      LONGEST_WAIT_MS,
    );
    output.apply((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/** Waits until everything that was registered has been recorded. */
export async function settled(): Promise<void> {
  await pulumi.runtime.disconnect();
}
