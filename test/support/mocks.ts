import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import type { MockResourceResult } from "@pulumi/pulumi/runtime";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

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

/** A call of a provider function. */
export interface RecordedCall {
  readonly token: string;
  readonly inputs: Values;
  /** Reference to the provider instance; empty for the default one. */
  readonly provider?: string;
}

/** One registration as the engine sees it; resources are named `type name`. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** Undefined for a resource without a component around it. */
  readonly parent: string | undefined;
  /** Explicit dependencies and those by inputs; a component stands for all its children. */
  readonly dependsOn: readonly string[];
  readonly deletedWith: string | undefined;
  /** Provider instance, for resources with one of their own. */
  readonly provider: string | undefined;
  readonly ignoreChanges: readonly string[];
  /** Other names that the resource may have in the state. */
  readonly aliases: readonly string[];
  /** Whether the state may have it outside of any component. */
  readonly foundOutside: boolean;
  /** Longest times, as `create` and `update`. */
  readonly timeouts: Readonly<Record<string, string>>;
}

/** Everything a program registered and asked for. */
export interface Recording {
  readonly resources: RecordedResource[];
  readonly calls: RecordedCall[];
  readonly registrations: Registration[];
  /** Resources that registered their outputs, with the keys of these. */
  readonly outputs: Map<string, readonly string[]>;
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

function outputs(args: RecordedResource): object {
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
    case "dataplane:index:ServiceAddress":
      return { address: "192.0.2.7" };
    default:
      return {};
  }
}

function resourceId({ type, name, inputs }: RecordedResource): string {
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

/** `type name` of a resource by its URN, or by its reference to a provider (`urn::id`). */
function readable(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.slice(types.lastIndexOf("$") + 1)} ${name}`;
}

function registrationOf(request: RegisterResourceRequest): Registration {
  const optional = (urn: string) => (urn === "" ? undefined : readable(urn));
  const timeouts = request.getCustomtimeouts();
  return {
    type: request.getType(),
    name: request.getName(),
    parent: optional(request.getParent()),
    dependsOn: request.getDependenciesList().map(readable).sort(),
    deletedWith: optional(request.getDeletedwith()),
    provider: optional(request.getProvider()),
    ignoreChanges: request.getIgnorechangesList(),
    aliases: request
      .getAliasesList()
      .map((alias) => alias.getSpec()?.getName() ?? alias.getUrn())
      .filter((name) => name !== ""),
    foundOutside: request.getAliasesList().some((alias) => alias.getSpec()?.getNoparent() ?? false),
    timeouts: {
      create: timeouts?.getCreate() ?? "",
      update: timeouts?.getUpdate() ?? "",
      delete: timeouts?.getDelete() ?? "",
    },
  };
}

// The provider puts its location among the arguments, where there is none.
const LOCATED = { location: "westeurope" };

type Answered = Parameters<MockMonitor["registerResource"]>[1];

/** Mocks see a resource's inputs only; its options are read off the requests to the engine. */
function recordRequests(recording: Recording): void {
  const monitor: unknown = pulumi.runtime.getMonitor();
  if (!(monitor instanceof MockMonitor)) throw new Error("the mocks are not in place");
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback: Answered) => {
    recording.registrations.push(registrationOf(request));
    return register(request, callback);
  };
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (
    request: RegisterResourceOutputsRequest,
    callback: Answered,
  ) => {
    const keys = Object.keys(request.getOutputs()?.toJavaScript() ?? {});
    recording.outputs.set(readable(request.getUrn()), keys.sort());
    registerOutputs(request, callback);
  };
}

/**
 * Starts Pulumi's mocks; a provider function that no test foresaw fails the program.
 *
 * @param calls answers that replace or complete the usual ones.
 * @param updating whether the preview is one of a change of every resource of Azure: its id and its
 * arguments are known then, and nothing that Azure answers.
 */
export async function startMocks(
  calls: Calls = {},
  preview = false,
  updating = false,
): Promise<Recording> {
  const recording: Recording = { resources: [], calls: [], registrations: [], outputs: new Map() };
  const answers = { ...DEFAULT_CALLS, ...calls };
  await pulumi.runtime.setMocks(
    {
      newResource(args: RecordedResource): MockResourceResult {
        recording.resources.push(args);
        const answered =
          updating && args.type.startsWith("azure-native:") ? LOCATED : outputs(args);
        return { id: resourceId(args), state: { ...args.inputs, ...answered } };
      },
      call(args: RecordedCall) {
        recording.calls.push(args);
        const answer = answers[args.token];
        if (answer === undefined) throw new Error(`unexpected provider function ${args.token}`);
        return answer(args.inputs);
      },
    },
    "azureml-aks",
    "test",
    preview,
    "organization",
  );
  recordRequests(recording);
  return recording;
}

/** Resources of one type, in the order of registration. */
export function ofType(recording: Recording, type: string): readonly RecordedResource[] {
  return recording.resources.filter((resource) => resource.type === type);
}

/**
 * The only resource of a type.
 *
 * @throws Error when there is none, or more than one.
 */
export function single(recording: Recording, type: string): RecordedResource {
  const found = ofType(recording, type);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`expected one ${type}, found ${found.length}`);
  }
  return only;
}

/**
 * The registration of one resource, with its options.
 *
 * @param name only needed where several have the type.
 * @throws Error when there is none, or more than one.
 */
export function registered(recording: Recording, type: string, name?: string): Registration {
  const found = recording.registrations.filter(
    (candidate) => candidate.type === type && (name === undefined || candidate.name === name),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`expected one ${type}, found ${found.length}`);
  }
  return only;
}

/**
 * `type name` of everything registered within a component, in alphabetical order.
 *
 * @param component its `type name` without the common start of the types.
 */
export function childrenOf(recording: Recording, component: string): readonly string[] {
  return recording.registrations
    .filter(({ parent }) => parent === `azureml-aks:index:${component}`)
    .map(({ type, name }) => `${type} ${name}`)
    .sort();
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
