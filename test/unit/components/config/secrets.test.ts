import * as pulumi from "@pulumi/pulumi";
import program from "../../../../index";
import { loadConfig } from "../../../../components";
import { ConfigSecrets } from "../../../../components/config/secrets";
import { configuration, service } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT, write } from "../../../support/folder";
import {
  ofType,
  registered,
  settled,
  single,
  startMocks,
  type Values,
} from "../../../support/mocks";
import { inBase64, inClear, secret } from "../../../support/secrets";

const PASSWORD = 'p"a$$ $(HOME) ü';
const SECRET = "kubernetes:core/v1:Secret";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const SUFFIX = "random:index/randomString:RandomString";
const SETTINGS = { DB_PASSWORD: PASSWORD, GREETING: "$(HOME) costs 5$" };

inFolderWith(SAMPLE_PROJECT);

/** The configuration as the engine hands it over: in clear, with the keys that have a secret. */
async function configured(values: Values, secretKeys: readonly string[], file?: string) {
  const recording = await startMocks();
  const texts = Object.entries(values).map(([key, value]) => [
    `azureml-aks:${key}`,
    JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(texts) as Record<string, string>,
    secretKeys.map((key) => `azureml-aks:${key}`),
  );
  if (file !== undefined) write({ "Pulumi.test.yaml": file });
  return recording;
}

/** The stack's file of a service with one encrypted setting. */
const FILE = `config:
  azureml-aks:services:
    aks-service-1:
      models: [best_model]
      image: { name: myimage1, entryScript: scoring/score.py, condaFile: scoring/myenv.yml }
      settings:
        DB_PASSWORD: { secure: AAABALpc }
        GREETING: $(HOME) costs 5$
`;

const SERVICES = { "aks-service-1": service({ settings: SETTINGS }) };

function environmentOf(spec: unknown): readonly Values[] {
  const { template } = spec as { template: { spec: { containers: { env: Values[] }[] } } };
  return template.spec.containers[0]?.env ?? [];
}

describe("a secret setting of a service", () => {
  async function run(file: string | undefined = FILE) {
    const recording = await configured(configuration({ services: SERVICES }), ["services"], file);
    await program();
    await settled();
    return recording;
  }

  it("reaches the pods by a Secret, and stands nowhere else", async () => {
    const recording = await run();
    const settings = ofType(recording, SECRET).find(({ name }) => name.endsWith("-settings"));
    expect(settings?.inputs).toMatchObject({
      metadata: { name: "scoring-settings-a1b2c3d4", namespace: "aks-service-1" },
      data: secret(inBase64({ DB_PASSWORD: PASSWORD })),
    });
    const env = environmentOf(single(recording, DEPLOYMENT).inputs.spec);
    expect(env).toContainEqual({
      name: "DB_PASSWORD",
      valueFrom: { secretKeyRef: { name: "scoring-settings-a1b2c3d4", key: "DB_PASSWORD" } },
    });
    const escaped = JSON.stringify(PASSWORD).slice(1, -1);
    const others = recording.resources.filter((resource) => resource !== settings);
    expect(JSON.stringify(others).includes(escaped)).toBe(false);
  });

  it("leaves the other settings in plain sight, with what Kubernetes would replace escaped", async () => {
    const env = environmentOf(single(await run(), DEPLOYMENT).inputs.spec);
    expect(env).toContainEqual({ name: "GREETING", value: "$$(HOME) costs 5$$" });
  });

  it("rolls the pods when it changes: the Secret's name is another one then", async () => {
    const recording = await run();
    const suffix = ofType(recording, SUFFIX).find(({ name }) => name.endsWith("settings-suffix"));
    expect(suffix?.inputs.keepers).toEqual(
      secret({ settings: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown }),
    );
    expect(registered(recording, DEPLOYMENT).dependsOn).toContain(
      `${SECRET} aks-service-1-settings`,
    );
  });

  it("makes all values of its key secret where the stack's file does not say which it is", async () => {
    const recording = await run("config: {}\n");
    const settings = ofType(recording, SECRET).find(({ name }) => name.endsWith("-settings"));
    expect(settings?.inputs.data).toEqual(secret(inBase64(SETTINGS)));
  });

  it.each(["config: [", "- a list\n", ""])("is kept with a stack's file of %j", async (file) => {
    const recording = await run(file);
    expect(ofType(recording, SECRET)).toHaveLength(2);
  });

  it("makes no Secret where no setting is one", async () => {
    const recording = await configured(configuration({ services: SERVICES }), []);
    await program();
    await settled();
    expect(ofType(recording, SECRET).map(({ name }) => name)).toEqual(["aks-service-1-keys"]);
  });
});

describe("a secret sample of a service", () => {
  const sample = { request: '{"name": "Ada Lovelace"}', expected: [1815] };
  const configure = (file: string) =>
    configured(
      configuration({ services: { "aks-service-1": service({ sample }) } }),
      ["services"],
      file,
    );
  const withSample = (written: string) => `config:
  azureml-aks:services: { aks-service-1: { sample: ${written} } }
`;

  it.each([
    ["the request is", "{ request: { secure: AAAB }, expected: [1815] }", true],
    ["the answer is", `{ request: '{"name": "Ada Lovelace"}', expected: { secure: AAAB } }`, true],
    ["none of both is", `{ request: '{"name": "Ada Lovelace"}', expected: [1815] }`, false],
  ])("is one that no message may show where %s", async (_, written, isSecret) => {
    await configure(withSample(written));
    expect(loadConfig().services[0]?.sample).toMatchObject({ isSecret });
  });

  it("stands in its Secret alone", async () => {
    const recording = await configure(withSample("{ request: { secure: AAAB } }"));
    await program();
    await settled();
    expect(inClear(recording.resources)).not.toContain("Lovelace");
    const encoded = Buffer.from(sample.request).toString("base64");
    const holders = recording.resources.filter(({ inputs }) =>
      JSON.stringify(inputs).includes(encoded),
    );
    expect(holders.map(({ name }) => name)).toEqual(["aks-service-1-sample"]);
    expect(inClear(holders)).not.toContain(encoded);
  });
});

describe("any other secret of the configuration", () => {
  const file = `config:
  azureml-aks:workspace: { mode: new, name: diabetes, tags: { owner: { secure: AAAB } } }
  azureml-aks:models:
    best_model: { path: scoring/model.pkl, description: { secure: AAAB } }
`;
  const values = configuration({
    workspace: { mode: "new", name: "diabetes", tags: { owner: "Ada Lovelace" } },
    models: { best_model: { path: "scoring/model.pkl", description: "of Ada Lovelace" } },
  });

  it("is marked in each resource that it enters", async () => {
    const recording = await configured(values, ["workspace", "models"], file);
    await program();
    await settled();
    expect(single(recording, "azure-native:resources:ResourceGroup").inputs.tags).toEqual(
      secret({ owner: "Ada Lovelace" }),
    );
    expect(inClear(recording.resources).match(/\w* Lovelace/g)).toBe(null);
    expect(inClear(recording.resources)).toMatch(/diabetes/);
  });

  it("is shown by no message, neither as a value nor within the rule", async () => {
    const wrong = { "aks-service-1": service({ models: ["s3cret"], replicas: 0 }) };
    await configured(
      configuration({ services: wrong, cluster: { mode: "create", kubernetesVersion: "s3cret" } }),
      ["services", "cluster"],
      "config:\n  azureml-aks:services: { aks-service-1: { replicas: 0 } }\n",
    );
    let said = "";
    try {
      loadConfig();
    } catch (error) {
      said = String(error);
    }
    expect(said).toContain('services.aks-service-1.models = ["[secret]"]');
    expect(said).toContain('there is no "[secret]"');
    expect(said).toContain("services.aks-service-1.replicas = 0");
    expect(said).not.toContain("s3cret");
  });
});

describe("what a text has of secrets", () => {
  const secrets = ConfigSecrets.of({ a: { b: ["one", 'q"q'], c: "x", d: 7 } }, { a: { d: 7 } });

  it.each([
    ["all of one it is", "[secret] and [secret]", "one and one"],
    ["as JSON writes it", '{"k":"[secret]"}', '{"k":"q\\"q"}'],
    ["nothing of a short one", "ax", "ax"],
    ["a short one when it is all", "[secret]", "x"],
    ["nothing of what the file shows", "7", "7"],
  ])("is hidden: %s", (_, shown, text) => {
    expect(secrets.hideText(text)).toBe(shown);
    expect(secrets.isIn(text)).toBe(shown !== text);
  });

  it("is known by path", () => {
    expect(secrets.hasPath(["a", "b", "0"])).toBe(true);
    expect(secrets.hasPath(["a", "b"])).toBe(true);
    expect(secrets.hasPath(["a", "b", "0", "c"])).toBe(false);
    expect(secrets.hasPath(["a", "d"])).toBe(false);
    expect(secrets.isEmpty).toBe(false);
    expect(ConfigSecrets.none.isEmpty).toBe(true);
  });
});
