import * as v from "valibot";
import type { Entries } from "../../config/entries";
import {
  amount,
  integer,
  message,
  optional,
  required,
  section,
  string,
  withDefault,
  type Report,
  type SectionCheck,
} from "../../config/schema";
import { settingNumber } from "../server";
import { LARGEST_SECRET, sampleContent } from "./content";
import { isJson, isJsonType, MEDIA_TYPE, typeOfFile } from "./mediaType";

/** Room for the rules of a sample, which lie beside its request and answer. */
const RULES_BYTES = 1024;

const NAME_A_REQUEST = "name a file with the body of a request, or write it as JSON";

const request = sampleContent({
  absent: "fix the path, or write the request as JSON",
  fault: (bytes) => (bytes.length > 0 ? undefined : message("must not be empty", NAME_A_REQUEST)),
});

const contentType = v.pipe(
  string(),
  v.regex(MEDIA_TYPE, message("must be a media type", "write it like image/png")),
);

function answer(serviceName: string) {
  const record = `\`npm run record -- ${serviceName}\``;
  const wrong = message("must be JSON, in which NaN is null", `correct the file, or run ${record}`);
  return v.pipe(
    sampleContent({
      absent: `fix the path, or run ${record}, which writes the running version's answer`,
      fault: (bytes) => (isJson(bytes.toString()) ? undefined : wrong),
    }),
    v.transform(({ bytes }) => bytes.toString()),
  );
}

const tolerance = section({
  relative: withDefault(amount(), 1e-6, {
    meaning: "how far a fraction may be from the expected one, in parts of that",
  }),
  absolute: withDefault(amount(), 1e-12, {
    meaning: "how far it may be as a number; the larger of both counts",
  }),
});

function options(serviceName: string) {
  return {
    request: required(
      request,
      { remedy: NAME_A_REQUEST },
      {
        meaning:
          "body of [a request that each pod answers before it is ready](docs/gate.md); " +
          "a text that is not JSON is a path",
      },
    ),
    contentType: optional(contentType, {
      meaning: "the media type of the request",
      defaultText: "by the file's ending",
    }),
    expected: optional(answer(serviceName), {
      meaning: "the answer, which `npm run record` writes; without it any with status 200 will do",
    }),
    tolerance: withDefault(tolerance, {}, { meaning: "how far fractions may be" }),
    timeoutSeconds: optional(integer(1, 86_400), {
      meaning: "longest time to the answer, in seconds",
      defaultText: "that of `run`, `SCORING_TIMEOUT_MS`",
    }),
  };
}

/** Looks at request and answer together. */
function together({ values, raw, report }: SectionCheck<ReturnType<typeof options>>) {
  const { request, expected = "" } = values;
  if (request === undefined) return undefined;
  const type = values.contentType ?? typeOfFile(request.file);
  if (isJsonType(type) && !isJson(request.bytes.toString())) {
    const rule = `must be JSON, as its media type ${type} says`;
    report({ path: ["request"], value: raw.request, rule, remedy: "correct it or contentType" });
  }
  const size = request.bytes.length + Buffer.byteLength(expected) + RULES_BYTES;
  if (size > LARGEST_SECRET) {
    const rule = `must have at most ${LARGEST_SECRET} bytes with its answer; it has ${size}`;
    report({ path: ["request"], value: raw.request, rule, remedy: "make it smaller" });
  }
  return { type };
}

/** `sample` of a service: a request, and what is expected of its answer. */
export function sample(serviceName: string) {
  return v.pipe(
    section(options(serviceName), together),
    v.transform(({ request, expected, tolerance, timeoutSeconds, type }) => {
      return { request: request.bytes, contentType: type, expected, tolerance, timeoutSeconds };
    }),
  );
}

type Sample = v.InferOutput<ReturnType<typeof sample>>;

/** A sample, and whether the configuration keeps its request or answer secret. */
export type SampleConfig = Sample & {
  /** Whether no message may show what was expected and what came. */
  readonly isSecret: boolean;
};

/** What decides whether a service can answer its sample. */
interface Sampled {
  readonly values: {
    readonly sample?: Sample;
    readonly settings?: Readonly<Record<string, string>>;
  };
  readonly raw: Entries;
  readonly report: Report;
}

/** Refuses a sample that the server's settings keep from being answered. */
export function refuseUnanswerable({ values, raw, report }: Sampled): void {
  const { sample, settings = {} } = values;
  if (sample === undefined) return;
  const written = raw.sample as Entries;
  const largest = settingNumber("SCORING_MAX_BODY_BYTES", settings);
  const size = sample.request.length;
  if (size > largest) {
    report({
      path: ["sample", "request"],
      value: written.request,
      rule: `must have at most ${largest} bytes, by SCORING_MAX_BODY_BYTES; it has ${size}`,
      remedy: "raise the setting, or make the request smaller",
    });
  }
  const longest = settingNumber("SCORING_TIMEOUT_MS", settings) / 1000;
  if ((sample.timeoutSeconds ?? 0) > longest) {
    report({
      path: ["sample", "timeoutSeconds"],
      value: written.timeoutSeconds,
      rule: `must not be above the ${longest} s of SCORING_TIMEOUT_MS`,
      remedy: "lower it, or raise the setting",
    });
  }
}
