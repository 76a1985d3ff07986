import type { BuiltImage } from "../../components/scoringImage/config";
import type { ServiceConfig } from "../../components/scoringService/config";
import type { PodInputs } from "../../components/scoringService/pod";
import type { SampleConfig } from "../../components/scoringService/sample/config";
import type {
  ClusterSource,
  Deployer,
  ModelSource,
  WorkspaceSource,
} from "../../components/existing";
import type { ContentFile } from "../../components/files/contentFiles";
import { identityOf } from "../../components/signIn/identity";
import { SUBSCRIPTION } from "./mocks";

/** A file of `sampleProject`, as reading it yields. */
export function sampleFile(name: string): ContentFile {
  return { name, source: `scoring/${name}`, size: name.length, sha256: `digest-of-${name}` };
}

export const DEPLOYER: Deployer = {
  objectId: "deployer",
  subscriptionId: SUBSCRIPTION,
  tenantId: "tenant",
  identity: identityOf({}, {}),
};

export const NEW_WORKSPACE: Extract<WorkspaceSource, { mode: "new" }> = {
  mode: "new",
  name: "diabetes",
  tags: { a: "b" },
};

const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/theirs`;

export const EXISTING_WORKSPACE: Extract<WorkspaceSource, { mode: "existing" }> = {
  mode: "existing",
  id: `${GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws`,
  name: "ws",
  resourceGroupName: "theirs",
  location: "northeurope",
  blobEndpoint: "https://theirs.blob.example/",
  containerName: "their-container",
  registryId: `${GROUP}/providers/Microsoft.ContainerRegistry/registries/theirs`,
  loginServer: "theirs.registry.example",
};

export const NEW_CLUSTER: Extract<ClusterSource, { mode: "create" }> = {
  mode: "create",
  name: "aml-aks-1",
  login: "azurecli",
  tier: "Standard",
  nodes: { vmSize: "Standard_D4s_v5", minCount: 2, maxCount: 3, availabilityZones: [] },
  authorizedIpRanges: [],
  tags: {},
};

export const ATTACHED_CLUSTER: Extract<ClusterSource, { mode: "attach" }> = {
  mode: "attach",
  login: "spn",
  grantPull: true,
  resourceId: `${GROUP}/providers/Microsoft.ContainerService/managedClusters/theirs`,
  id: `${GROUP}/providers/Microsoft.ContainerService/managedClusters/theirs`,
  name: "theirs",
  resourceGroupName: "theirs",
  kubeletObjectId: "their-kubelet",
};

export const MODEL: ModelSource = {
  name: "best_model",
  description: "Ridge regression model to predict diabetes",
  tags: { data: "diabetes", type: "regression" },
  files: [sampleFile("model.pkl")],
  version: "0123456789ab",
  useExistingContainer: false,
  existing: false,
  nameIsTaken: false,
};

/** A service whose image is built. */
export const SERVICE: ServiceConfig & { readonly image: BuiltImage } = {
  name: "aks-service-1",
  namespace: "aks-service-1",
  models: ["best_model"],
  image: {
    kind: "built",
    build: "docker",
    name: "myimage1",
    description: "Image with ridge regression model",
    tags: { data: "diabetes" },
    code: [sampleFile("score.py")],
    environment: {
      packages: "channels",
      channels: [],
      files: [sampleFile("myenv.yml")],
      python: "3.11",
      inputs: "inputs",
    },
    credentials: {},
    systemPackages: [],
    optionalLibraries: [],
    baseImage: "python:3.11-slim-bookworm",
    serverImage: "python:3.11-slim-bookworm",
  },
  scale: { kind: "auto", minReplicas: 2, maxReplicas: 10, targetCpuUtilization: 70 },
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "1", memory: "1Gi" },
  exposure: "internal",
  allowEgress: false,
  keyVersions: { primary: 1, secondary: 1 },
  settings: {},
  secretSettings: [],
  sample: undefined,
  rolloutTimeoutSeconds: 600,
};

/** A sample of `SERVICE`, as reading it yields. */
export const SERVICE_SAMPLE: SampleConfig = {
  request: Buffer.from('{"data":[[1,2]]}'),
  contentType: "application/json",
  expected: "[3]",
  tolerance: { relative: 0.001, absolute: 1e-12 },
  timeoutSeconds: 5,
  isSecret: false,
};

/** What the pods of `SERVICE` are made from. */
export const POD: PodInputs = {
  service: SERVICE,
  models: [MODEL],
  image: "registry.example/image@sha256:feed",
  serviceAccountName: "account",
  secretName: "keys-of-it",
  settingsName: undefined,
  sampleName: undefined,
};

/** Labels by which the pods of `SERVICE` are selected. */
export const SELECTOR = {
  "app.kubernetes.io/name": "scoring",
  "app.kubernetes.io/instance": "aks-service-1",
};
