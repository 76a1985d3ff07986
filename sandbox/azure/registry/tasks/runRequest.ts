import * as v from "valibot";
import type { JsonObject } from "../../../json";
import { badRequest, unsupported } from "../../arm/errors";

/** Who a run signs in as at its own registry. */
const credentials = v.strictObject({
  sourceRegistry: v.strictObject({
    identity: v.optional(v.picklist(["[caller]"])),
    loginMode: v.optional(v.picklist(["Default", "None"])),
  }),
});

const dockerBuild = v.strictObject({
  type: v.literal("DockerBuildRequest"),
  imageNames: v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^[a-z\d][a-z\d._/-]*:[\w][\w.-]{0,127}$/))),
    v.minLength(1),
  ),
  isPushEnabled: v.optional(v.boolean(), true),
  noCache: v.optional(v.boolean(), false),
  dockerFilePath: v.pipe(v.string(), v.regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/)),
  sourceLocation: v.pipe(v.string(), v.regex(/^source\/[\da-f-]{36}\.tar\.gz$/)),
  platform: v.strictObject({
    os: v.picklist(["Linux"]),
    architecture: v.optional(v.picklist(["amd64"]), "amd64"),
  }),
  arguments: v.optional(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.regex(/^\w+$/)),
        value: v.string(),
        isSecret: v.optional(v.boolean(), false),
      }),
    ),
    [],
  ),
  // The range that Azure documents for a whole run.
  timeout: v.optional(v.pipe(v.number(), v.minValue(300), v.maxValue(28_800)), 3600),
  credentials: v.optional(credentials),
});

/** A request for a run that builds an image, checked. */
export type BuildRequest = v.InferOutput<typeof dockerBuild>;

/**
 * Reads the body of `scheduleRun`.
 *
 * @throws ArmError 501 for runs of another kind, 400 naming what else is not known or not valid.
 */
export function readBuildRequest(body: JsonObject): BuildRequest {
  if (typeof body.type === "string" && body.type !== "DockerBuildRequest") {
    throw unsupported(`scheduleRun with a ${body.type}`);
  }
  const { success, output, issues } = v.safeParse(dockerBuild, body);
  if (success) return output;
  const [issue] = issues;
  const path = v.getDotPath(issue) ?? "";
  throw badRequest(
    "InvalidRunRequest",
    `The run request is invalid. Path '${path}': ${issue.message}`,
  );
}
