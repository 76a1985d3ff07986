import { spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { recordAnswer } from "../../../tools/recordAnswer";
import { read, service } from "../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT, write } from "../../support/folder";

const ROOT = path.resolve(__dirname, "../../..");
const NAME = "aks-service-1";
const ANSWER = "[4952.81518952, 3830.0, null]";

/** Answers the calls of the command and refuses all others; notes what was set, and to which value. */
const PULUMI = `#!/bin/sh
PATH=/usr/bin:/bin
case "$*" in
  "stack --show-name") [ -f selected ] && exec cat selected; echo "error: no stack selected" >&2; exit 1 ;;
  "config --show-secrets --json --stack dev" | "config --show-secrets --json --stack dev --config-file other.yaml") exec cat config.json ;;
  "stack output services --json --show-secrets --stack dev") [ -f outputs.json ] && exec cat outputs.json; echo "error: current stack does not have output property 'services'" >&2; exit 1 ;;
  "config set --path "*) echo "$*" >> set; exec cat > value ;;
  *) echo "unexpected: $*" >&2; exit 9 ;;
esac
`;

/** Configures the stack "dev" with a sample of its service. */
function stackHas(sample: unknown, options: { readonly secret?: boolean } = {}): void {
  const values = { services: { [NAME]: service({ sample }) } };
  const shown = Object.entries(values).map(([key, objectValue]) => [
    `azureml-aks:${key}`,
    { value: JSON.stringify(objectValue), objectValue, secret: options.secret ?? false },
  ]);
  fs.writeFileSync("config.json", JSON.stringify(Object.fromEntries(shown)));
}

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

let received: Received[] = [];
let reply: { status: number; body: string; headers?: http.OutgoingHttpHeaders } | undefined;

/** The running version of the service, which answers as `reply` says; never, where that is undefined. */
const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    if (reply) response.writeHead(reply.status, reply.headers).end(reply.body);
  });
});

beforeAll(() => once(server.listen(0, "127.0.0.1"), "listening"));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function deployed(uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/score`): void {
  const outputs = {
    [NAME]: {
      scoringUri: uri,
      primaryKey: "the-key",
      models: [{ name: "best_model", version: "0123456789ab" }],
    },
  };
  fs.writeFileSync("outputs.json", JSON.stringify(outputs));
}

inFolderWith({ ...SAMPLE_PROJECT, "scoring/request.json": '{"data": [[1, 2]]}\n' });

const givenPath = process.env.PATH;

beforeEach(() => {
  fs.mkdirSync("bin");
  fs.writeFileSync("bin/pulumi", PULUMI, { mode: 0o755 });
  process.env.PATH = path.resolve("bin");
  write({ "Pulumi.yaml": "name: azureml-aks\n", selected: "dev\n" });
  received = [];
  reply = { status: 200, body: ANSWER };
  deployed();
});

afterEach(() => {
  process.env.PATH = givenPath;
});

const FILE = "scoring/answers/sample.json";
const OF = `${NAME} (best_model 0123456789ab)`;

describe("npm run record", () => {
  it("sends the sample as a client would, and writes the answer to the file that is configured", async () => {
    stackHas({ request: "scoring/request.json", expected: FILE });
    expect(await recordAnswer([NAME])).toBe(
      `wrote the answer of ${OF} to ${FILE}; \`pulumi up\` makes it the expected one`,
    );
    expect(fs.readFileSync(FILE, "utf8")).toBe(`${ANSWER}\n`);
    expect(received).toMatchObject([
      {
        method: "POST",
        url: "/score",
        headers: { authorization: "Bearer the-key", "content-type": "application/json" },
        body: '{"data": [[1, 2]]}\n',
      },
    ]);
    expect(fs.existsSync("set")).toBe(false);
  });

  it("makes a configuration that the preview takes", async () => {
    const sample = { request: "scoring/request.json", expected: FILE };
    const faults = () => read({ services: { [NAME]: service({ sample }) } }).faults;
    stackHas(sample);
    expect(faults()).toHaveLength(1);
    await recordAnswer([NAME]);
    expect(faults()).toEqual([]);
  });

  it.each([[undefined], [[1, 2]], ["[1, 2]"]])(
    "writes the answer into the configuration where %j stands there",
    async (expected) => {
      stackHas({ request: [1], expected });
      const key = `azureml-aks:services.${NAME}.sample.expected`;
      expect(await recordAnswer([NAME, "--stack", "dev"])).toContain(` to ${key}; `);
      expect(fs.readFileSync("set", "utf8")).toBe(
        `config set --path --plaintext --stack dev ${key}\n`,
      );
      // The text as it came: an argument would be for all to read, and a number may lose digits.
      expect(fs.readFileSync("value", "utf8")).toBe(ANSWER);
    },
  );

  it("encrypts the answer to a sample that is secret", async () => {
    stackHas({ request: { name: "Ada" } }, { secret: true });
    write({
      "Pulumi.dev.yaml": `config:\n  azureml-aks:services: { ${NAME}: { sample: { request: { name: { secure: A } } } } }\n`,
    });
    expect(await recordAnswer([NAME])).not.toContain(ANSWER);
    expect(fs.readFileSync("set", "utf8")).toContain("config set --path --secret ");
  });

  it("writes in plain text where another value of the configuration is the secret", async () => {
    stackHas({ request: { name: "Ada" } }, { secret: true });
    write({
      "Pulumi.dev.yaml": `config:\n  azureml-aks:services: { ${NAME}: { sample: { request: { name: Ada } } } }\n`,
    });
    await recordAnswer([NAME]);
    expect(fs.readFileSync("set", "utf8")).toContain("config set --path --plaintext ");
  });

  it.each([
    ["in a file", "expected.json"],
    ["as JSON", JSON.parse(ANSWER) as unknown],
    ["as a text of JSON", ANSWER],
  ])("writes nothing where the answer stands there already, %s", async (_, expected) => {
    write({ "expected.json": `${ANSWER}\n` });
    stackHas({ request: [1], expected });
    const before = fs.statSync("expected.json").mtimeMs;
    expect(await recordAnswer([NAME])).toBe(`${OF} answers as expected; nothing was written`);
    expect(fs.existsSync("set")).toBe(false);
    expect(fs.statSync("expected.json").mtimeMs).toBe(before);
  });

  it("tells integers apart that JavaScript takes for the same", async () => {
    write({ "expected.json": "12345678901234567890\n" });
    stackHas({ request: [1], expected: "expected.json" });
    reply = { status: 200, body: "12345678901234567891" };
    await recordAnswer([NAME]);
    expect(fs.readFileSync("expected.json", "utf8")).toBe("12345678901234567891\n");
  });

  it("reads and writes another file of the configuration where one is named, as Pulumi does", async () => {
    stackHas({ request: [1] });
    await recordAnswer([NAME, "--config-file", "other.yaml"]);
    expect(fs.readFileSync("set", "utf8")).toContain(
      " --stack dev --config-file other.yaml azureml",
    );
  });

  it("sends a file of any type as what it is", async () => {
    write({ "rows.csv": "1,2\n" });
    stackHas({ request: "rows.csv" });
    await recordAnswer([NAME]);
    expect(received).toMatchObject([{ headers: { "content-type": "text/csv" }, body: "1,2\n" }]);
  });
});

describe("an error of npm run record", () => {
  const USAGE = "name a service, as in `npm run record -- aks-service-1`, and a stack by `--stack`";
  const uri = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/score`;

  it.each<[string, () => void, readonly string[], string | RegExp]>([
    ["no service", () => undefined, [], USAGE],
    ["two services", () => undefined, ["a", "b"], USAGE],
    ["an unknown option", () => undefined, [NAME, "--stak", "x"], /^Unknown option '--stak': name/],
    [
      "no selected stack",
      () => fs.rmSync("selected"),
      [NAME],
      "pulumi names no stack (error: no stack selected): select one by `pulumi stack select`, or name it by `--stack`",
    ],
    [
      "no pulumi",
      () => fs.rmSync("bin/pulumi"),
      [NAME],
      "there is no pulumi: install it and put it on PATH",
    ],
    [
      "a stack that pulumi does not know",
      () => undefined,
      [NAME, "--stack", "none"],
      /^pulumi shows no configuration \(unexpected: .*\): select a stack/,
    ],
    [
      "a service that is not configured",
      () => undefined,
      ["other"],
      `the stack dev has no service other: name one of its own (${NAME})`,
    ],
    [
      "a service without a sample",
      () => stackHas(undefined),
      [NAME],
      `${NAME} has no sample: set azureml-aks:services.${NAME}.sample.request (docs/gate.md)`,
    ],
    [
      "a stack that was never deployed",
      () => fs.rmSync("outputs.json"),
      [NAME],
      "the stack has no outputs of services (error: current stack does not have output property 'services'): deploy it by `pulumi up`",
    ],
    [
      "a service that was never deployed",
      () => fs.writeFileSync("outputs.json", "{}"),
      [NAME],
      `the stack has not deployed ${NAME}: deploy it by \`pulumi up\``,
    ],
    [
      "a service that cannot be reached",
      () => deployed("http://127.0.0.1:9/score"),
      [NAME],
      /^aks-service-1 does not answer at http:\/\/127\.0\.0\.1:9\/score \(.+\): run the command where/,
    ],
    [
      "an answer that comes too late",
      () => {
        reply = undefined;
        stackHas({ request: [1], expected: FILE, timeoutSeconds: 1 });
      },
      [NAME],
      /\(no answer within 1 s\): run the command where/,
    ],
    [
      "an answer that is a refusal",
      () => (reply = { status: 503, body: '{"message":"the service is starting"}' }),
      [NAME],
      `${NAME} answers 503 to its sample ({"message":"the service is starting"}): correct the sample or the service`,
    ],
    [
      "an answer from elsewhere, which would get the key",
      () => (reply = { status: 307, body: "", headers: { location: uri() } }),
      [NAME],
      /does not answer at .* \(unexpected redirect\)/,
    ],
    [
      "an answer that is no JSON",
      () => (reply = { status: 200, body: "id,score" }),
      [NAME],
      `${NAME} does not answer with JSON: leave out azureml-aks:services.${NAME}.sample.expected`,
    ],
  ])("is one line with a remedy, and writes nothing: %s", async (_, prepare, args, message) => {
    stackHas({ request: [1], expected: FILE });
    prepare();
    await expect(recordAnswer(args)).rejects.toThrow(
      typeof message === "string" ? new Error(message) : message,
    );
    expect([FILE, "set", "value"].filter((file) => fs.existsSync(file))).toEqual([]);
  });

  it("names all faults of the sample but that of the answer to be written", async () => {
    stackHas({ request: "none.json", expected: "[1", timeoutSeconds: 0 });
    await expect(recordAnswer([NAME])).rejects.toThrow(/^2 problems in the configuration/);
    expect(received).toEqual([]);
  });

  it("is printed by the command, which then ends with 1", () => {
    const register = path.join(ROOT, "node_modules/sucrase/register");
    const args = ["-r", register, path.join(ROOT, "tools/record.ts")];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: "",
      stderr: `npm run record: ${USAGE}\n`,
    });
  });
});
