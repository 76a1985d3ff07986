import { SETTINGS } from "../../../../components/scoringService/server";
import { read, service } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";

const KEY = "azureml-aks:services.aks-service-1.settings";

inFolderWith(SAMPLE_PROJECT);

function faults(settings: Readonly<Record<string, unknown>>) {
  return read({ services: { "aks-service-1": service({ settings }) } }).faults;
}

describe("settings of a service", () => {
  it("are those of the scoring server, as its own defaults", () => {
    const own = Object.entries(SETTINGS).filter(([, setting]) => setting["x-owner"] === undefined);
    expect(own.length).toBeGreaterThan(10);
    expect(
      faults(Object.fromEntries(own.map(([name, { default: value }]) => [name, value]))),
    ).toEqual([]);
  });

  it.each([
    "SERVICE_NAME",
    "AZUREML_MODEL_DIR",
    "AZUREML_ENTRY_SCRIPT",
    "SCORING_PORT",
    "SCORING_HEALTH_PORT",
    "SCORING_KEYS_DIR",
    "SCORING_SAMPLE_DIR",
  ])("leave alone %s, which follows from the service", (name) => {
    const settings = { [name]: "1", GREETING: "hello" };
    expect(faults(settings)).toEqual([
      {
        key: KEY,
        value: settings,
        rule: `must not set ${name}, which follows from the service`,
        remedy: "remove it",
      },
    ]);
  });

  it.each([
    ["SCORING_TIMEOUT", 1, "SCORING_TIMEOUT_MS"],
    ["scoring_workers", 2, "SCORING_WORKERS"],
    ["SCORING_SHUTDOWN_MS", 1, "SCORING_TIMEOUT_MS"],
  ])(
    "that the server does not have are refused, and the nearest one is named: %s",
    (name, value, meant) => {
      expect(faults({ [name]: value })).toEqual([
        {
          key: `${KEY}.${name}`,
          value: String(value),
          rule: "is not a setting of the scoring server",
          remedy: `did you mean "${meant}"?`,
        },
      ]);
    },
  );

  it.each([
    ["SCORING_WORKERS", 0, "must be a whole number from 1"],
    ["SCORING_WORKERS", "two", "must be a whole number from 1"],
    ["SCORING_WORKERS", 1.5, "must be a whole number from 1"],
    ["SCORING_ACCESS_LOG", "yes", "must be true or false"],
    ["SCORING_BATCH", "maybe", "must be one of off, on"],
  ])("have values that the server takes: %s is not %j", (name, value, rule) => {
    expect(faults({ [name]: value })).toMatchObject([
      { key: `${KEY}.${name}`, value: String(value), rule },
    ]);
  });

  it("are reported all at once", () => {
    expect(faults({ SCORING_WORKERS: 0, SCORING_BATHC: "on", SERVICE_NAME: "x" })).toHaveLength(3);
  });

  it("may be variables that only the script reads", () => {
    expect(faults({ OMP_NUM_THREADS: 2, GREETING: "hello", _x: "" })).toEqual([]);
  });

  it.each(["1A", "A-B", "A B", "A=B", ""])(
    "have names that a variable can have, not %j",
    (name) => {
      expect(faults({ [name]: "x" })).toMatchObject([
        { rule: expect.stringContaining("must be the name of a variable") as unknown },
      ]);
    },
  );
});
