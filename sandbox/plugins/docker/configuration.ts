import { isMap, revealMap } from "../protocol";
import type { PropertyMap, PropertyValue } from "../protocol";
import type { RegistryCredential } from "./credentials";

/** What the provider's own arguments come to. */
export interface Configuration {
  env: NodeJS.ProcessEnv;
  credentials: RegistryCredential[];
}

const KNOWN = ["certPath", "context", "disableDockerDaemonCheck", "host", "registryAuth"];

/** Set by the engine, not by the program. */
const INTERNAL = ["__internal", "pluginDownloadURL", "version"];

/**
 * Reads the provider's arguments.
 *
 * @throws when an argument is given that this stand-in does not offer
 */
export function parseConfiguration(inputs: PropertyMap): Configuration {
  const plain = revealMap(inputs);
  const refused = Object.keys(plain).filter((key) => ![...KNOWN, ...INTERNAL].includes(key));
  if (refused.length > 0) {
    throw new Error(
      `this docker stand-in does not offer the provider argument ${refused.join(", ")}; ` +
        `it offers ${KNOWN.join(", ")}`,
    );
  }
  const { host, context, certPath } = plain;
  return {
    env: {
      ...(typeof host === "string" && { DOCKER_HOST: host }),
      ...(typeof context === "string" && { DOCKER_CONTEXT: context }),
      ...(typeof certPath === "string" && { DOCKER_CERT_PATH: certPath, DOCKER_TLS_VERIFY: "1" }),
    },
    credentials: parseCredentials(plain["registryAuth"]),
  };
}

/** The engine passes nested provider arguments as JSON text. */
function parseCredentials(value: PropertyValue | undefined): RegistryCredential[] {
  const list = typeof value === "string" ? (JSON.parse(value) as PropertyValue) : value;
  if (!Array.isArray(list)) return [];
  return list.filter(isMap).flatMap(({ address, username, password }) => {
    const complete =
      typeof address === "string" && typeof username === "string" && typeof password === "string";
    return complete ? [{ server: address, username, password }] : [];
  });
}
