import { isDeepStrictEqual } from "node:util";
import type { Inputs } from "@pulumi/pulumi";
import type {
  CheckResult,
  CreateResult,
  DiffResult,
  InvokeResult,
  Provider,
  ReadResult,
  UpdateResult,
} from "@pulumi/pulumi/provider";
import { clusterAccess } from "./clusterAccess";
import { FUNCTIONS, TYPES } from "./contract";
import type { EngineLog } from "./engineLog";
import { fixedScale } from "./fixedScale";
import { imageBuild } from "./imageBuild/imageBuild";
import { isHeldBy } from "./imageClaim";
import { imageRepository } from "./imageRepository";
import { imageRetention } from "./imageRetention";
import { imageUse } from "./imageUse";
import { modelBlobs } from "./modelBlobs";
import { namespace } from "./namespace";
import { ownership } from "./ownership";
import { clusterOffer } from "./regions/clusterOffer";
import { storageSku } from "./regions/storageSku";
import { registryCredentials } from "./registryCredentials";
import type { ResourceType } from "./resourceType";
import { rollout } from "./rollout";
import type { Run } from "./run";
import { hideLike, reveal } from "./secretInputs";
import { serviceAddress } from "./serviceAddress";

const RESOURCES: Readonly<Record<string, ResourceType>> = {
  [TYPES.imageBuild]: imageBuild,
  [TYPES.imageRepository]: imageRepository,
  [TYPES.imageRetention]: imageRetention,
  [TYPES.imageUse]: imageUse,
  [TYPES.modelBlobs]: modelBlobs,
  [TYPES.clusterAccess]: clusterAccess,
  [TYPES.clusterOffer]: clusterOffer,
  [TYPES.storageSku]: storageSku,
  [TYPES.ownership]: ownership,
  [TYPES.fixedScale]: fixedScale,
  [TYPES.rollout]: rollout,
  [TYPES.serviceAddress]: serviceAddress,
};

function typeOf(urn: string): string {
  // urn:pulumi:stack::project::parentType$childType::name
  const types = urn.split("::")[2] ?? "";
  return types.slice(types.lastIndexOf("$") + 1);
}

function resourceType(urn: string): ResourceType {
  const found = RESOURCES[typeOf(urn)];
  if (found === undefined) throw new Error(`the dataplane provider has no type "${typeOf(urn)}"`);
  return found;
}

/**
 * Pulumi provider for what Azure's control plane cannot do: the content of blobs and of a registry,
 * and what becomes of a rollout. azure-native uploads blobs with the account's key only, which this
 * program keeps switched off, the docker provider never deletes what it pushed, and the kubernetes
 * provider waits for the whole time-out although all pods crash, and does not say why.
 */
export class DataplaneProvider implements Provider {
  readonly version = "1.0.0";
  /** What the program of this run lays claim to. */
  private readonly claims = new Set<string>();
  private readonly interruption = new AbortController();

  constructor(private readonly engineLog: Pick<EngineLog, "of">) {}

  getSchema(): Promise<string> {
    return Promise.resolve(JSON.stringify({ name: "dataplane", version: this.version }));
  }

  async check(urn: string, olds: Inputs, news: Inputs): Promise<CheckResult> {
    const type = resourceType(urn);
    const wanted = reveal(news);
    const claim = type.claim?.(wanted);
    if (claim !== undefined) this.claims.add(claim);
    // The engine gives no inputs before for a resource that is about to be made.
    const before = Object.keys(olds).length > 0 ? reveal(olds) : undefined;
    const failures = (await type.refusals?.(urn, wanted, before)) ?? [];
    return failures.length > 0 ? { inputs: news, failures: [...failures] } : { inputs: news };
  }

  diff(_id: string, urn: string, olds: Inputs, news: Inputs): Promise<DiffResult> {
    const type = resourceType(urn);
    const { identity, content, compared } = type;
    const [before, after] = [reveal(olds), reveal(news)];
    const counts = (key: string, value: unknown) => compared?.[key]?.(value) ?? value;
    const changed = (key: string) =>
      !isDeepStrictEqual(counts(key, before[key]), counts(key, after[key]));
    const replaces = identity.filter(changed);
    const isChanged =
      replaces.length > 0 || content.some(changed) || (type.isOutdated?.(before) ?? false);
    return Promise.resolve({ changes: isChanged, replaces });
  }

  async create(urn: string, inputs: Inputs): Promise<CreateResult> {
    const made = await resourceType(urn).create(reveal(inputs), this.run(urn));
    return { id: made.id, outs: hideLike(made.outs as Inputs, inputs) };
  }

  async read(id: string, urn: string, props: Inputs = {}): Promise<ReadResult> {
    const type = resourceType(urn);
    const state = reveal(props);
    if (!(await type.exists(state))) return {};
    const now = hideLike((await type.refreshed?.(state)) ?? state, props);
    const given = Object.entries(now).filter(([key]) => !type.computed?.includes(key));
    return { id, props: now, inputs: Object.fromEntries(given) };
  }

  async update(_id: string, urn: string, olds: Inputs, news: Inputs): Promise<UpdateResult> {
    const type = resourceType(urn);
    if (type.update === undefined) throw new Error(`${typeOf(urn)} cannot be updated in place`);
    const updated = await type.update(reveal(news), reveal(olds), this.run(urn));
    return { outs: hideLike(updated.outs as Inputs, news, olds) };
  }

  /** Deletes what no other resource of this run has laid claim to; the engine deletes last. */
  async delete(_id: string, urn: string, props: Inputs): Promise<void> {
    const type = resourceType(urn);
    const state = reveal(props);
    const claim = type.claim?.(state);
    if (claim === undefined || !isHeldBy(this.claims, claim)) await type.delete(state);
  }

  /** The user interrupts the engine, which waits for the operations that are under way. */
  cancel(): Promise<void> {
    this.interruption.abort();
    return Promise.resolve();
  }

  invoke(token: string, inputs: Inputs): Promise<InvokeResult> {
    if (token === FUNCTIONS.namespace) return namespace(reveal(inputs));
    if (token === FUNCTIONS.registryCredentials) return registryCredentials(reveal(inputs));
    throw new Error(`the dataplane provider has no function "${token}"`);
  }

  private run(urn: string): Run {
    return {
      log: this.engineLog.of(urn),
      signal: this.interruption.signal,
      isHeld: (claim) => isHeldBy(this.claims, claim),
    };
  }
}
