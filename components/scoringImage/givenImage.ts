import * as v from "valibot";
import { message, required, section, string } from "../config/schema";

// Host, which has a dot, a port or is localhost; repository; digest. No tag, which would say nothing.
const HOST = String.raw`(?:localhost|[a-z\d-]+(?:\.[a-z\d-]+)+)(?::\d+)?|[a-z\d-]+:\d+`;
const COMPONENT = String.raw`[a-z\d]+(?:(?:\.|_|__|-+)[a-z\d]+)*`;
const REFERENCE = new RegExp(`^(?:${HOST})/${COMPONENT}(?:/${COMPONENT})*@sha256:[a-f\\d]{64}$`);

const RULE =
  "must name an image by registry, repository and digest: registry/repository@sha256:<64 digits>";
const REMEDY =
  "put it together from the registryLoginServer and the imageDigest of the stack that built it, " +
  "or ask `az acr manifest list-metadata`";

/**
 * An image by its digest. The registry is the workspace's or any other from which the cluster may
 * pull.
 *
 * @see https://github.com/distribution/reference (the grammar of references)
 */
export function digestReference() {
  return v.pipe(string(), v.regex(REFERENCE, message(RULE, REMEDY)));
}

const FORBIDDEN = message(
  "must not be set beside digest, which names an image that is built already",
  "remove it, or remove digest",
);

/** An option that has no place here. No fault shows its value, which may be a secret. */
function forbidden() {
  return v.optional(
    v.pipe(
      v.unknown(),
      v.rawTransform<unknown, undefined>(({ addIssue, NEVER }) => {
        addIssue({ message: FORBIDDEN, input: "[not shown]" });
        return NEVER;
      }),
    ),
  );
}

/**
 * An image that is there.
 *
 * @param options of an image that is built, none of which is allowed beside the digest.
 */
export function givenImage(options: Readonly<Record<string, v.GenericSchema>>) {
  const others = Object.keys(options).filter((key) => key !== "digest");
  return v.pipe(
    section({
      ...Object.fromEntries(others.map((key) => [key, forbidden()])),
      digest: required(digestReference(), { remedy: REMEDY }, { meaning: "the image" }),
    }),
    v.transform(({ digest }) => ({ kind: "given" as const, reference: digest })),
  );
}
