import { isEntries } from "../components/config/entries";
import { CommandError } from "./call";
import { pulumi } from "./stack";

/** A service that a stack has deployed. */
export interface RunningService {
  readonly name: string;
  readonly scoringUri: string;
  readonly primaryKey: string;
  /** `NAME VERSION` of each model. */
  readonly models: readonly string[];
}

interface Outputs {
  readonly scoringUri: string;
  readonly primaryKey: string;
  readonly models: readonly { readonly name: string; readonly version: string }[];
}

/** A request to a service. */
export interface Request {
  readonly body: Buffer;
  readonly contentType: string;
  /** Longest wait for the answer, in seconds. */
  readonly timeoutSeconds: number;
}

/** Characters of a refusal that a message shows. */
const LONGEST_SHOWN = 300;

/**
 * A service by the outputs of a stack.
 *
 * @param selection arguments that name the stack.
 * @throws CommandError when the stack has not deployed it.
 */
export function runningService(name: string, selection: readonly string[]): RunningService {
  const remedy = "deploy it by `pulumi up`";
  const shown = pulumi({
    args: ["stack", "output", "services", "--json", "--show-secrets", ...selection],
    failure: "the stack has no outputs of services",
    remedy,
  });
  const services: unknown = JSON.parse(shown);
  const found = isEntries(services) ? services[name] : undefined;
  if (!isEntries(found)) throw new CommandError(`the stack has not deployed ${name}: ${remedy}`);
  const { scoringUri, primaryKey, models } = found as unknown as Outputs;
  const versions = models.map((model) => `${model.name} ${model.version}`);
  return { name, scoringUri, primaryKey, models: versions };
}

/** Why a request got no answer; what `fetch` throws has the reason in its cause. */
function reasonOf(error: unknown, { timeoutSeconds }: Request): string {
  const { name, message, cause } = error as Partial<Error>;
  if (name === "TimeoutError") return `no answer within ${timeoutSeconds} s`;
  const { message: deeper } = (cause ?? {}) as Partial<Error>;
  return deeper || message || String(error);
}

/**
 * What a service answers to a request.
 *
 * @throws CommandError unless it is JSON with status 200.
 */
export async function answerOf(service: RunningService, request: Request): Promise<Buffer> {
  const { name, scoringUri } = service;
  let response: Response;
  let body: Buffer;
  try {
    response = await fetch(scoringUri, {
      method: "POST",
      headers: {
        authorization: `Bearer ${service.primaryKey}`,
        "content-type": request.contentType,
      },
      body: new Uint8Array(request.body),
      // The key is for the service alone.
      redirect: "error",
      signal: AbortSignal.timeout(request.timeoutSeconds * 1000),
    });
    body = Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const remedy = "run the command where the service can be reached, such as its virtual network";
    throw new CommandError(
      `${name} does not answer at ${scoringUri} (${reasonOf(error, request)}): ${remedy}`,
    );
  }
  if (response.status === 200) return body;
  const said = body.toString().slice(0, LONGEST_SHOWN).trim();
  throw new CommandError(
    `${name} answers ${response.status} to its sample (${said}): correct the sample or the service`,
  );
}
