import * as v from "valibot";
import { isEntries } from "../config/entries";
import { message } from "../config/schema";

const WRONG = message(
  "must map hosts to NAME:PASSWORD; a value is shown to nobody",
  "set it with `pulumi config set --secret --path`, one host a key",
);

const HOST = /^[a-z\d.-]+$/i;
const PAIR = /^[^:\s]+:\S+$/;

function isCredentials(value: unknown): boolean {
  return (
    isEntries(value) &&
    Object.entries(value).every(
      ([host, pair]) => HOST.test(host) && typeof pair === "string" && PAIR.test(pair),
    )
  );
}

/** Names and passwords by host. No fault shows any of them. */
export function credentials() {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, Readonly<Record<string, string>>>(({ dataset, addIssue, NEVER }) => {
      if (isCredentials(dataset.value)) return dataset.value as Readonly<Record<string, string>>;
      addIssue({ message: WRONG, input: "[secret]" });
      return NEVER;
    }),
    v.metadata({ type: "strings by name" }),
  );
}
