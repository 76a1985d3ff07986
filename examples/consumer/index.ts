import * as pulumi from "@pulumi/pulumi";

/** What the program exports for each service, as far as a client needs it. */
interface Service {
  readonly scoringUri: string;
  readonly primaryKey: string;
  readonly models: readonly { readonly name: string; readonly version: string }[];
}

/** The two patients of the tutorial: ten measurements each. */
const SAMPLE = {
  data: [
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
  ],
};
const LONGEST_CALL_MS = 30_000;
const LONGEST_START_MS = 60_000;

/** Like `fetch`, but waits for a new address to answer: load balancers take some seconds. */
async function fetchOnceUp(url: string, request: RequestInit): Promise<Response> {
  const deadline = Date.now() + LONGEST_START_MS;
  for (;;) {
    try {
      return await fetch(url, { ...request, signal: AbortSignal.timeout(LONGEST_CALL_MS) });
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

/**
 * Calls a scoring service.
 *
 * @throws Error with the status and the service's answer when it does not score.
 */
async function score({ scoringUri, primaryKey }: Service): Promise<unknown> {
  const response = await fetchOnceUp(scoringUri, {
    method: "POST",
    headers: { authorization: `Bearer ${primaryKey}`, "content-type": "application/json" },
    body: JSON.stringify(SAMPLE),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${scoringUri} answered ${response.status}: ${answer}`);
  return JSON.parse(answer);
}

const config = new pulumi.Config();
const name = config.get("service") ?? "aks-service-1";
const stack = new pulumi.StackReference(config.require("stack"));

const service = stack.requireOutput("services").apply((services) => {
  const found = (services as Readonly<Record<string, Service>>)[name];
  if (found === undefined) throw new pulumi.RunError(`the stack has no service "${name}"`);
  return found;
});

/** Versions of the models that answered; they hold no secret, though the key beside them does. */
export const models = pulumi.unsecret(service.apply((found) => found.models));

/** Predictions for the sample; a preview calls nobody. */
export const predictions = pulumi.unsecret(
  service.apply((found) => (pulumi.runtime.isDryRun() ? "(called by `pulumi up`)" : score(found))),
);
