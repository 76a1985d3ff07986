import * as fs from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { isEntries, type Entries } from "../components/config/entries";
import { Faults } from "../components/config/faults";
import { readWith } from "../components/config/schema/report";
import { ConfigSecrets } from "../components/config/secrets";
import { stackFile } from "../components/config/stackFile";
import { sample } from "../components/scoringService/sample/config";
import { isPath } from "../components/scoringService/sample/content";
import { isJson } from "../components/scoringService/sample/mediaType";
import { settingNumber } from "../components/scoringService/server";
import { CommandError } from "./call";
import { answerOf, runningService, type Request } from "./runningService";
import { projectName, pulumi, stackConfiguration } from "./stack";

const USAGE = "name a service, as in `npm run record -- aks-service-1`, and a stack by `--stack`";

/** More than the longest call of `run`, so that the service itself says that it took too long. */
const MARGIN_SECONDS = 10;

/** A service as the configuration of a stack has it. */
interface Configured {
  readonly name: string;
  /** Key of its sample in the configuration. */
  readonly key: string;
  readonly sample: Entries;
  readonly settings: Entries;
  readonly secrets: ConfigSecrets;
  /** Arguments that name the stack and the file of its configuration. */
  readonly selection: readonly string[];
}

/** What the command was called with. */
interface Arguments {
  readonly service: string;
  readonly stack: string | undefined;
  /** Arguments that name the file of the configuration; none for the stack's own. */
  readonly configFile: readonly string[];
}

function argumentsOf(args: readonly string[]): Arguments {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      options: { stack: { type: "string", short: "s" }, "config-file": { type: "string" } },
      allowPositionals: true,
    });
    const [service, ...others] = positionals;
    if (service === undefined || others.length > 0) throw new CommandError(USAGE);
    const file = values["config-file"];
    const configFile = file === undefined ? [] : ["--config-file", file];
    return { service, stack: values.stack, configFile };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const [reason = ""] = (error as Error).message.split(". ");
    throw new CommandError(`${reason}: ${USAGE}`);
  }
}

function selectedStack(): string {
  return pulumi({
    args: ["stack", "--show-name"],
    failure: "pulumi names no stack",
    remedy: "select one by `pulumi stack select`, or name it by `--stack`",
  }).trim();
}

/** Which values are secret; the stack's file has the name without those of organization and project. */
function secretsOf(values: Entries, secretKeys: readonly string[], project: string, stack: string) {
  if (secretKeys.length === 0) return ConfigSecrets.none;
  const file = Object.entries(stackFile(stack.split("/").at(-1) ?? stack));
  const plain = file.map(([key, value]) => [key.replace(`${project}:`, ""), value] as const);
  const secret = Object.entries(values).filter(([key]) => secretKeys.includes(key));
  return ConfigSecrets.of(Object.fromEntries(secret), Object.fromEntries(plain));
}

function configured(name: string, stack: string, configFile: readonly string[]): Configured {
  const project = projectName();
  const selection = ["--stack", stack, ...configFile];
  const { values, secretKeys } = stackConfiguration(project, selection);
  const services = isEntries(values.services) ? values.services : {};
  const service = services[name];
  if (!isEntries(service)) {
    const known = Object.keys(services).join(", ") || "none";
    throw new CommandError(
      `the stack ${stack} has no service ${name}: name one of its own (${known})`,
    );
  }
  const key = `${project}:services.${name}.sample`;
  if (!isEntries(service.sample)) {
    throw new CommandError(`${name} has no sample: set ${key}.request (docs/gate.md)`);
  }
  return {
    name,
    key,
    sample: service.sample,
    settings: isEntries(service.settings) ? service.settings : {},
    secrets: secretsOf(values, secretKeys, project, stack),
    selection,
  };
}

/** The request of the sample; the answer that is to be written may be missing or wrong. */
function requestOf({ name, key, sample: raw, settings, secrets }: Configured): Request {
  const faults = new Faults(secrets);
  const sent = Object.fromEntries(Object.entries(raw).filter(([option]) => option !== "expected"));
  const result = readWith(sample(name), sent, ({ path: at, ...finding }) =>
    faults.add({ key: [key, ...at].join("."), ...finding }),
  );
  faults.throwIfAny();
  if (!result.success) throw new Error("the sample cannot be read, and no fault says why");
  const { request, contentType, timeoutSeconds } = result.output;
  const texts = Object.entries(settings).map(([setting, value]) => [setting, String(value)]);
  const longest = settingNumber(
    "SCORING_TIMEOUT_MS",
    Object.fromEntries(texts) as Record<string, string>,
  );
  return {
    body: request,
    contentType,
    timeoutSeconds: timeoutSeconds ?? longest / 1000 + MARGIN_SECONDS,
  };
}

/** Whether an answer is the expected one as it stands; texts are compared as such, for large integers. */
function isExpected(answer: string, expected: unknown): boolean {
  if (isPath(expected)) {
    return fs.existsSync(expected) && fs.readFileSync(expected, "utf8").trim() === answer;
  }
  if (typeof expected === "string") return expected.trim() === answer;
  return isDeepStrictEqual(JSON.parse(answer), expected);
}

/** Writes the answer to where the configuration has it. @returns where that is. */
function write(
  answer: string,
  { key, sample: { expected }, secrets, name, selection }: Configured,
) {
  if (isPath(expected)) {
    fs.mkdirSync(path.dirname(expected), { recursive: true });
    fs.writeFileSync(expected, `${answer}\n`);
    return expected;
  }
  const isSecret = secrets.hasPath(["services", name, "sample"]);
  const set = ["config", "set", "--path", isSecret ? "--secret" : "--plaintext"];
  pulumi({
    args: [...set, ...selection, `${key}.expected`],
    failure: "pulumi does not set the configuration",
    remedy: "correct the file of the stack",
    // Not an argument: those are for all to read, and may be no longer than 128 KiB.
    input: answer,
  });
  return `${key}.expected`;
}

/**
 * Sends the sample of a service to its running version, and writes the answer as the expected one: to
 * the file that the configuration names, otherwise into the configuration of the stack.
 *
 * @param args what the command was called with.
 * @returns one line that says what was done.
 * @throws CommandError, or RunError with the faults of the sample; nothing is written then.
 */
export async function recordAnswer(args: readonly string[]): Promise<string> {
  const { service: name, stack = selectedStack(), configFile } = argumentsOf(args);
  const service = configured(name, stack, configFile);
  const request = requestOf(service);
  const running = runningService(name, ["--stack", stack]);
  const answer = (await answerOf(running, request)).toString().trim();
  if (!isJson(answer)) {
    throw new CommandError(`${name} does not answer with JSON: leave out ${service.key}.expected`);
  }
  const of = `${name} (${running.models.join(", ")})`;
  if (isExpected(answer, service.sample.expected)) {
    return `${of} answers as expected; nothing was written`;
  }
  const place = write(answer, service);
  return `wrote the answer of ${of} to ${place}; \`pulumi up\` makes it the expected one`;
}
