import { missingProgram, isUnreachable } from "./apiError";
import { Cluster } from "./cluster";
import type { Configuration } from "./configuration";

const CREDENTIAL_PLUGINS =
  "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins";

/** The way to a provider's cluster, or why there is none. */
export type Connection = { cluster: Cluster } | { unreachable: string };

/**
 * Asks the cluster for its version, as the plugin does once before anything else. A cluster that does
 * not answer is no error: a preview goes on without it.
 */
export async function connect(
  configuration: Configuration,
  signal: AbortSignal,
): Promise<Connection> {
  if (configuration.kubeconfig === undefined) {
    return { unreachable: "the provider's kubeconfig is not known yet" };
  }
  try {
    const cluster = await Cluster.connect(configuration, signal);
    await cluster.version();
    return { cluster };
  } catch (error) {
    return { unreachable: `unable to load schema information from the API server: ${why(error)}` };
  }
}

function why(error: unknown): string {
  const program = missingProgram(error);
  if (program !== undefined) {
    return (
      `getting credentials: exec: executable ${program} not found\n\n` +
      "It looks like you are trying to use a client-go credential plugin that is not installed.\n\n" +
      `To learn more about this feature, consult the documentation available at:\n      ${CREDENTIAL_PLUGINS}`
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return isUnreachable(error) ? `the server does not answer: ${message}` : message;
}
