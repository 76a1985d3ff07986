import { deploy } from "./deployment";
import { settled, startMocks, type Calls } from "./mocks";

/** Name of the sample's component among what is registered, without the common start of the types. */
export const COMPONENT = "ScoringService aks-service-1";

/** Names of what a service exports, in alphabetical order. */
export const SERVICE_OUTPUTS = [
  "imageDigest",
  "models",
  "namespace",
  "primaryKey",
  "scoringUri",
  "secondaryKey",
  "swaggerUri",
];

/** Runs a program with one service; what is not given is the sample's. */
export async function runService(given: Parameters<typeof deploy>[0] = {}, calls: Calls = {}) {
  const recording = await startMocks(calls);
  const { service } = deploy(given);
  await settled();
  return { recording, service };
}

let usual: ReturnType<typeof runService> | undefined;

/** The sample's service, run once: most tests of a file look at the same, each from another side. */
export function sampleService(): ReturnType<typeof runService> {
  return (usual ??= runService());
}
