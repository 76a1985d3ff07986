import { badRequest } from "./errors";

/**
 * Refuses a request that asks for another API version than the one that there is.
 * @param what the type or document that is asked for, for the message.
 * @param also other versions that are answered, such as those in which clients read.
 */
export function requireVersion(
  query: URLSearchParams,
  supported: string,
  what: string,
  also: readonly string[] = [],
): void {
  const version = query.get("api-version");
  if (!version) {
    throw badRequest(
      "MissingApiVersionParameter",
      `The api-version query parameter (?api-version=) is required for all requests. ` +
        `The supported api-version for '${what}' is '${supported}'.`,
    );
  }
  if (version !== supported && !also.includes(version)) {
    throw badRequest(
      "InvalidApiVersionParameter",
      `The api-version '${version}' is invalid for '${what}'. The supported versions are '${supported}'.`,
    );
  }
}
