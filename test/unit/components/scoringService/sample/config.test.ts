import * as fs from "node:fs";
import { read, service } from "../../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT, write } from "../../../../support/folder";

const KEY = "azureml-aks:services.aks-service-1.sample";
const MIB = 1024 * 1024;

inFolderWith({
  ...SAMPLE_PROJECT,
  "scoring/request.json": '{"data": [[1, 2]]}\n',
  "scoring/answer.json": "[3.5]\n",
  "scoring/rows.csv": "1,2\n",
  "scoring/half.json": '{"data": [',
});

function one(sample: unknown, settings: object = {}) {
  return read({ services: { "aks-service-1": service({ sample, settings }) } });
}

function sampleOf(sample: unknown) {
  const [{ sample: found } = { sample: undefined }] = one(sample).config.services;
  if (found === undefined) throw new Error("the service has no sample");
  return { ...found, request: found.request.toString() };
}

const faults = (sample: unknown, settings?: object) => one(sample, settings).faults;

describe("the sample of a service", () => {
  it("is none where none is written", () => {
    expect(one(undefined).config.services).toMatchObject([{ sample: undefined }]);
  });

  it("has these defaults", () => {
    expect(sampleOf({ request: "scoring/request.json" })).toEqual({
      request: '{"data": [[1, 2]]}\n',
      contentType: "application/json",
      expected: undefined,
      tolerance: { relative: 1e-6, absolute: 1e-12 },
      timeoutSeconds: undefined,
      isSecret: false,
    });
  });

  it("has every option as written", () => {
    expect(
      sampleOf({
        request: "scoring/rows.csv",
        contentType: "text/csv; charset=latin-1",
        expected: "scoring/answer.json",
        tolerance: { relative: 0.01, absolute: 0 },
        timeoutSeconds: 5,
      }),
    ).toEqual({
      request: "1,2\n",
      contentType: "text/csv; charset=latin-1",
      expected: "[3.5]\n",
      tolerance: { relative: 0.01, absolute: 0 },
      timeoutSeconds: 5,
      isSecret: false,
    });
  });

  it.each([
    [{ data: [[1, 2.5]] }, '{"data":[[1,2.5]]}'],
    [[], "[]"],
    [7, "7"],
    [false, "false"],
    // As `pulumi config set --path` writes what is no number; it arrives as it was typed.
    ['{"data": [[12345678901234567890]]}', '{"data": [[12345678901234567890]]}'],
    ['"scoring/request.json"', '"scoring/request.json"'],
    ["null", "null"],
  ])("may stand in the configuration, as JSON: %j", (value, text) => {
    const { request, expected } = sampleOf({ request: value, expected: value });
    expect({ request, expected }).toEqual({ request: text, expected: text });
  });

  it.each([
    ["a.json", "application/json"],
    ["a.JSON", "application/json"],
    ["a.csv", "text/csv"],
    ["a.txt", "text/plain"],
    ["a.png", "application/octet-stream"],
    ["a", "application/octet-stream"],
  ])("has the media type of its file: %s", (file, contentType) => {
    write({ [file]: "1" });
    expect(sampleOf({ request: file })).toMatchObject({ contentType });
  });

  it("may be any bytes", () => {
    fs.writeFileSync("image.png", Buffer.from([0x89, 0xff, 0x00]));
    const [found] = one({ request: "image.png", contentType: "image/png" }).config.services;
    expect(found?.sample?.request).toEqual(Buffer.from([0x89, 0xff, 0x00]));
  });

  it("may start with a byte order mark, as the server takes it", () => {
    write({ "bom.json": "\uFEFF[1]" });
    expect(faults({ request: "bom.json", expected: "bom.json" })).toEqual([]);
  });
});

describe("a fault of a sample", () => {
  it.each([
    ["without a request", { expected: [] }, "request", undefined, "is required", /name a file/],
    [
      "with a file that is not there",
      { request: "scoring/none.json" },
      "request",
      "scoring/none.json",
      "must be JSON, or the path of a file that exists",
      /fix the path, or write the request as JSON/,
    ],
    [
      "whose answer has yet to be recorded",
      { request: [], expected: "scoring/none.json" },
      "expected",
      "scoring/none.json",
      "must be JSON, or the path of a file that exists",
      /`npm run record -- aks-service-1`, which writes the running version's answer/,
    ],
    [
      "with a text that was meant as JSON",
      { request: '{"data": [1,}' },
      "request",
      '{"data": [1,}',
      "must be valid JSON, or a path",
      /correct it/,
    ],
    [
      "with a file that is no JSON, and says it is",
      { request: "scoring/half.json" },
      "request",
      "scoring/half.json",
      "must be JSON, as its media type application/json says",
      /contentType/,
    ],
    [
      "whose answer is no JSON",
      { request: [], expected: "scoring/half.json" },
      "expected",
      "scoring/half.json",
      "must be JSON, in which NaN is null",
      /`npm run record -- aks-service-1`/,
    ],
    [
      "with no media type",
      { request: [], contentType: "json" },
      "contentType",
      "json",
      "must be a media type",
      /image\/png/,
    ],
    [
      "with a tolerance below zero",
      { request: [], tolerance: { relative: -0.1 } },
      "tolerance.relative",
      -0.1,
      "must be a number of 0 or more",
      /--type float/,
    ],
    [
      "with a tolerance that is a text",
      { request: [], tolerance: { absolute: "0.1" } },
      "tolerance.absolute",
      "0.1",
      "must be a number of 0 or more",
      /--type float/,
    ],
    [
      "with no time",
      { request: [], timeoutSeconds: 0 },
      "timeoutSeconds",
      0,
      "must be a whole number from 1 to 86400",
      /range/,
    ],
    [
      "with an unknown key",
      { request: [], expect: [] },
      "expect",
      [],
      "is not a known key; known are contentType, expected, request, timeoutSeconds, tolerance",
      /did you mean "expected"/,
    ],
  ])("is said: %s", (_, sample, key, value, rule, remedy) => {
    expect(faults(sample)).toEqual([
      { key: `${KEY}.${key}`, value, rule, remedy: expect.stringMatching(remedy) as unknown },
    ]);
  });

  it("is told with all others at once", () => {
    const sample = { request: "none", expected: "none", tolerance: { relative: -1 }, more: 1 };
    expect(faults(sample)).toHaveLength(4);
  });

  it("is an empty request", () => {
    write({ empty: "" });
    expect(faults({ request: "empty" })).toMatchObject([
      { key: `${KEY}.request`, value: "empty", rule: "must not be empty" },
    ]);
  });

  it("is more than a Secret holds, in a file or with the answer", () => {
    write({
      large: "1".repeat(MIB + 1),
      answer: `"${"a".repeat(MIB / 2)}"`,
      half: "1".repeat(MIB / 2),
    });
    expect(faults({ request: "large" })).toMatchObject([
      {
        key: `${KEY}.request`,
        value: "large",
        rule: `must have at most ${MIB} bytes; it has ${MIB + 1}`,
      },
    ]);
    expect(faults({ request: "half" })).toEqual([]);
    expect(faults({ request: "half", expected: "answer" })).toMatchObject([
      {
        key: `${KEY}.request`,
        rule: expect.stringContaining(`must have at most ${MIB} bytes with its answer`) as unknown,
      },
    ]);
  });

  it("is a request that the server would refuse for its size", () => {
    const settings = { SCORING_MAX_BODY_BYTES: 10 };
    expect(faults({ request: [1, 2, 3] }, settings)).toEqual([]);
    expect(faults({ request: "scoring/request.json" }, settings)).toEqual([
      {
        key: `${KEY}.request`,
        value: "scoring/request.json",
        rule: "must have at most 10 bytes, by SCORING_MAX_BODY_BYTES; it has 19",
        remedy: "raise the setting, or make the request smaller",
      },
    ]);
  });

  it("is a time that a call of run never takes", () => {
    expect(faults({ request: [], timeoutSeconds: 60 })).toEqual([]);
    expect(faults({ request: [], timeoutSeconds: 61 })).toMatchObject([
      {
        key: `${KEY}.timeoutSeconds`,
        value: 61,
        rule: "must not be above the 60 s of SCORING_TIMEOUT_MS",
      },
    ]);
    const settings = { SCORING_TIMEOUT_MS: 90_000 };
    expect(faults({ request: [], timeoutSeconds: 61 }, settings)).toEqual([]);
  });
});
