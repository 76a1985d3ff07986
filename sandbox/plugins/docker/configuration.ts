import { revealMap } from "../protocol";
import type { PropertyMap } from "../protocol";

/** Set by the engine, not by the program. */
const INTERNAL = ["__internal", "pluginDownloadURL", "version"];

/**
 * The address of the Docker engine that the provider's arguments name, if they name one.
 *
 * @throws when an argument is given that this stand-in does not offer
 */
export function givenHost(inputs: PropertyMap): string | undefined {
  const { host, ...others } = revealMap(inputs);
  const refused = Object.keys(others).filter((key) => !INTERNAL.includes(key));
  if (refused.length > 0) {
    throw new Error(
      `this docker stand-in does not offer the provider argument ${refused.join(", ")}; it offers host`,
    );
  }
  return typeof host === "string" ? host : undefined;
}
