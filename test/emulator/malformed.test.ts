import * as https from "node:https";
import { GROUP, TENANT, TestEmulator } from "./support/emulator";
import { BODIES, REGISTRY } from "./support/resources";

let emulator: TestEmulator;
let loginServer = "";
beforeAll(async () => {
  emulator = await TestEmulator.start();
  await emulator.create(GROUP, BODIES.group);
  const { properties } = await emulator.create(REGISTRY, BODIES.registry);
  loginServer = (properties as { loginServer: string }).loginServer;
}, 20_000);
afterAll(() => emulator.dispose());

/** Sends a path as it is: a URL object would repair it. */
function sendPath(host: string, path: string): Promise<number> {
  const [hostname, port] = host.split(":");
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path, ca: emulator.authority };
    https
      .get(options, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .once("error", reject);
  });
}

async function put(
  body: string | Buffer,
  headers: Record<string, string>,
): Promise<[number, string | undefined]> {
  const authorization = `Bearer ${await emulator.token("owner")}`;
  const url = `${emulator.baseUrl}${GROUP}?api-version=2024-03-01`;
  const answer = await emulator.send("PUT", url, { authorization, ...headers }, body);
  return [answer.status, answer.code];
}

const JSON_TYPE = { "content-type": "application/json" };
const GROUP_BODY = JSON.stringify(BODIES.group);
const OVERSIZED = JSON.stringify({ location: "westeurope", tags: { a: "x".repeat(4 << 20) } });

describe("a malformed URL", () => {
  it.each(["/subscriptions/%zz", "/%E0%A4%A", "//["])("%s is refused with 400", async (path) => {
    expect(await sendPath(new URL(emulator.baseUrl).host, path)).toBe(400);
  });

  it("is refused with 400 by a registry too", async () => {
    expect(await sendPath(loginServer, "/v2/%zz/manifests/latest")).toBe(400);
  });
});

describe("a body", () => {
  it("of more than 4 MiB is refused with 413", async () => {
    expect(await put(OVERSIZED, JSON_TYPE)).toEqual([413, "RequestEntityTooLarge"]);
  });

  it("of more than 4 MiB is refused with 413 by Entra ID and by a registry too", async () => {
    const form = `grant_type=${"x".repeat(4 << 20)}`;
    const token = `${emulator.baseUrl}/${TENANT}/oauth2/v2.0/token`;
    expect((await emulator.send("POST", token, {}, form)).status).toBe(413);
    const exchange = `https://${loginServer}/oauth2/exchange`;
    expect((await emulator.send("POST", exchange, {}, form)).status).toBe(413);
  });

  it("of exactly 4 MiB is read", async () => {
    const filler = " ".repeat((4 << 20) - GROUP_BODY.length);
    expect((await put(GROUP_BODY + filler, JSON_TYPE))[0]).toBe(200);
  });

  it("that is no JSON object is refused with 400", async () => {
    expect(await put("{", JSON_TYPE)).toEqual([400, "InvalidRequestContent"]);
    expect(await put("[]", JSON_TYPE)).toEqual([400, "InvalidRequestContent"]);
    const review = `${emulator.baseUrl}/tokenreview`;
    expect((await emulator.send("POST", review, {}, "{")).status).toBe(400);
  });

  it("that is not UTF-8 is refused with 400", async () => {
    const content = Buffer.from([0x7b, 0xff, 0x7d]);
    expect(await put(content, JSON_TYPE)).toEqual([400, "InvalidRequestContent"]);
  });

  it.each([
    ["no media type", {}],
    ["another media type", { "content-type": "text/plain" }],
    ["another character set", { "content-type": "application/json; charset=utf-16" }],
    ["a compression", { ...JSON_TYPE, "content-encoding": "gzip" }],
  ])("with %s is refused with 415", async (_what, headers) => {
    expect(await put(GROUP_BODY, headers)).toEqual([415, "UnsupportedMediaType"]);
  });

  it("in UTF-8 is taken however the header spells it", async () => {
    const headers = { "content-type": 'application/json;odata=minimal; charset="UTF-8"' };
    expect((await put(GROUP_BODY, headers))[0]).toBe(200);
  });
});
