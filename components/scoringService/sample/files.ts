import type { SampleConfig } from "./config";

/** Where the server finds the sample of its service. */
export const SAMPLE_FOLDER = "/etc/scoring/sample";

/** A sample as the scoring server reads it: its files by name (`scoring_server/sample.py`). */
export function sampleFiles({
  request,
  expected,
  contentType,
  tolerance,
  timeoutSeconds,
  isSecret,
}: SampleConfig): Readonly<Record<string, Buffer>> {
  const rules = { contentType, ...tolerance, timeoutSeconds, hidden: isSecret };
  return {
    request,
    ...(expected !== undefined && { "expected.json": Buffer.from(expected) }),
    "rules.json": Buffer.from(JSON.stringify(rules)),
  };
}
