import * as v from "valibot";
import { stringMap } from "../config/schema";
import { reportTo, type Report } from "../config/schema/report";

type Tags = Readonly<Record<string, string>>;

const MOST = 50;
const LONGEST_VALUE = 256;
/** Longest name of a tag, in characters; storage accounts allow less than other resources. */
export const LONGEST_TAG_NAME = { anywhere: 512, onStorage: 128 } as const;
// Control characters are refused too, which the list for people leaves out.
// eslint-disable-next-line no-control-regex
const REFUSED = /[<>%&\\?/\u0000-\u001f\u007f]/;
const RESERVED = /^(microsoft|azure|windows)/i;

/** What is wrong with one tag; undefined when nothing is. */
function ruleFor(name: string, value: string, longestName: number): string | undefined {
  if (name.trim() === "") return "must have a name that is not blank";
  if (name !== name.trim()) return "must have a name without spaces around it";
  if (REFUSED.test(name)) {
    return "must have a name without < > % & \\ ? / and control characters";
  }
  if (RESERVED.test(name)) {
    return "must have a name that does not start with microsoft, azure or windows";
  }
  if (name.length > longestName) return `must have a name of at most ${longestName} characters`;
  if (value.length > LONGEST_VALUE) return `must be at most ${LONGEST_VALUE} characters`;
  return undefined;
}

function checkTags(tags: Tags, longestName: number, report: Report): void {
  const names = Object.keys(tags);
  if (names.length > MOST) {
    const rule = `must be at most ${MOST} tags; these are ${names.length}`;
    report({ path: [], value: tags, rule, remedy: "join some of them into one, as JSON" });
  }
  const before = new Map<string, string>();
  for (const [name, value] of Object.entries(tags)) {
    const same = before.get(name.toLowerCase());
    before.set(name.toLowerCase(), name);
    const rule =
      same === undefined
        ? ruleFor(name, value, longestName)
        : `must differ in more than the letters' case; there is "${same}"`;
    if (rule !== undefined) report({ path: [name], value, rule, remedy: "rename or shorten it" });
  }
}

/**
 * Tags of resources in Azure.
 *
 * @param longestName most characters of a tag's name, by what the tags are put on.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export function azureTags(longestName: number) {
  return v.pipe(
    stringMap(),
    v.rawTransform<Tags, Tags>(({ dataset, addIssue }) => {
      checkTags(dataset.value, longestName, reportTo(addIssue));
      return dataset.value;
    }),
    v.metadata({ type: "strings by name" }),
  );
}
