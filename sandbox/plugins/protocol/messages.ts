import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { renderPath } from "./diff";
import type { Change, Diff } from "./diff";
import type * as api from "./provider";
import { fromStruct, toStruct } from "./wire";

interface Named {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

/** Older engines leave type and name to be read off the URN (`urn:pulumi:stack::project::type::name`). */
function identity(message: Named): { urn: string; type: string; name: string } {
  const urn = message.getUrn();
  const [, , qualifiedType = "", name = ""] = urn.split("::");
  return {
    urn,
    type: message.getType() || (qualifiedType.split("$").pop() ?? ""),
    name: message.getName() || name,
  };
}

/** The protocol's 0 means: no time-out given. */
function timeoutOf(message: { getTimeout(): number }): number | undefined {
  return message.getTimeout() || undefined;
}

const AUTONAMING_MODES = ["propose", "enforce", "disable"] as const;

export function checkRequest(message: pb.CheckRequest): api.CheckRequest {
  const naming = message.getAutonaming();
  return {
    ...identity(message),
    olds: fromStruct(message.getOlds()),
    news: fromStruct(message.getNews()),
    randomSeed: message.getRandomseed_asU8(),
    autonaming: naming && {
      proposedName: naming.getProposedName(),
      mode: AUTONAMING_MODES[naming.getMode()],
    },
  };
}

export function checkResponse(result: api.CheckResult): pb.CheckResponse {
  const failures = (result.failures ?? []).map(({ property, reason }) =>
    new pb.CheckFailure().setProperty(property).setReason(reason),
  );
  return new pb.CheckResponse().setInputs(toStruct(result.inputs)).setFailuresList(failures);
}

export function diffRequest(message: pb.DiffRequest): api.DiffRequest {
  return {
    ...identity(message),
    id: message.getId(),
    oldInputs: fromStruct(message.getOldInputs()),
    oldOutputs: fromStruct(message.getOlds()),
    news: fromStruct(message.getNews()),
    ignoreChanges: message.getIgnorechangesList(),
  };
}

const KINDS = {
  add: [pb.PropertyDiff.Kind.ADD, pb.PropertyDiff.Kind.ADD_REPLACE],
  delete: [pb.PropertyDiff.Kind.DELETE, pb.PropertyDiff.Kind.DELETE_REPLACE],
  update: [pb.PropertyDiff.Kind.UPDATE, pb.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

export function diffResponse({ changes, replaces, deleteBeforeReplace }: Diff): pb.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  const response = new pb.DiffResponse()
    .setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList([...new Set(changes.map(({ path }) => String(path[0])))])
    .setReplacesList([...new Set(replaces.map(({ path }) => String(path[0])))])
    .setDeletebeforereplace(deleteBeforeReplace && replaces.length > 0)
    .setHasdetaileddiff(changes.length > 0);
  const details = response.getDetaileddiffMap();
  const replacing = new Set<Change>(replaces);
  for (const change of changes) {
    const [inPlace, replace] = KINDS[change.kind];
    const kind = replacing.has(change) ? replace : inPlace;
    details.set(renderPath(change.path), new pb.PropertyDiff().setKind(kind).setInputdiff(true));
  }
  return response;
}

export function createRequest(message: pb.CreateRequest): api.CreateRequest {
  return {
    ...identity(message),
    inputs: fromStruct(message.getProperties()),
    preview: message.getPreview(),
    timeout: timeoutOf(message),
  };
}

export function readRequest(message: pb.ReadRequest): api.ReadRequest {
  return {
    ...identity(message),
    id: message.getId(),
    inputs: fromStruct(message.getInputs()),
    outputs: fromStruct(message.getProperties()),
  };
}

/** An empty id tells the engine that the resource is gone. */
export function readResponse(
  found: Pick<api.ReadRequest, "id" | "inputs" | "outputs"> | undefined,
): pb.ReadResponse {
  if (found === undefined) return new pb.ReadResponse();
  return new pb.ReadResponse()
    .setId(found.id)
    .setInputs(toStruct(found.inputs))
    .setProperties(toStruct(found.outputs));
}

export function updateRequest(message: pb.UpdateRequest): api.UpdateRequest {
  return {
    ...identity(message),
    id: message.getId(),
    inputs: fromStruct(message.getNews()),
    oldInputs: fromStruct(message.getOldInputs()),
    oldOutputs: fromStruct(message.getOlds()),
    ignoreChanges: message.getIgnorechangesList(),
    preview: message.getPreview(),
    timeout: timeoutOf(message),
  };
}

export function deleteRequest(message: pb.DeleteRequest): api.DeleteRequest {
  return {
    ...identity(message),
    id: message.getId(),
    inputs: fromStruct(message.getOldInputs()),
    outputs: fromStruct(message.getProperties()),
    timeout: timeoutOf(message),
  };
}

export function invokeRequest(message: pb.InvokeRequest): api.InvokeRequest {
  return {
    token: message.getTok(),
    args: fromStruct(message.getArgs()),
    preview: message.getPreview(),
  };
}

export function invokeResponse(result: api.InvokeResult): pb.InvokeResponse {
  return new pb.InvokeResponse().setReturn(toStruct(result.outputs));
}
