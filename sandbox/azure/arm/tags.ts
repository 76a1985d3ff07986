import { asObject, type JsonObject } from "../../json";
import { badRequest } from "./errors";

const LONGEST_VALUE = 256;
/** Storage accounts allow shorter names than everything else. */
const LONGEST_NAME = { "Microsoft.Storage/storageAccounts": 128, other: 512 } as const;
// eslint-disable-next-line no-control-regex
const RESERVED = /[<>%&\\?/\u0000-\u001f\u007f]/;

/**
 * Refuses the tags that Azure refuses, by the codes and limits that it documents.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export function validateTags(type: string, body: JsonObject): void {
  const longest =
    type === "Microsoft.Storage/storageAccounts" ? LONGEST_NAME[type] : LONGEST_NAME.other;
  for (const [name, value] of Object.entries(asObject(body.tags) ?? {})) {
    if (name.trim() === "") {
      throw badRequest(
        "InvalidTagName",
        "The tag name must be non-null, non-empty and non-whitespace only.",
      );
    }
    if (RESERVED.test(name)) {
      throw badRequest(
        "InvalidTagNameCharacters",
        `The tag names '${name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`,
      );
    }
    if (name.length > longest) {
      throw badRequest("InvalidTagName", `The tag name '${name}' exceeds ${longest} characters.`);
    }
    if (typeof value === "string" && value.length > LONGEST_VALUE) {
      const message = `The value of the tag '${name}' exceeds ${LONGEST_VALUE} characters.`;
      throw badRequest("InvalidTagValueLength", message);
    }
  }
}
