import { sampleFiles } from "../../../../../components/scoringService/sample/files";
import { inFolderWith, SAMPLE_PROJECT } from "../../../../support/folder";
import { ofType, registered, single } from "../../../../support/mocks";
import { podTemplate } from "../../../../../components/scoringService/pod";
import { POD, SERVICE, SERVICE_SAMPLE } from "../../../../support/program";
import { runService } from "../../../../support/scoringService";
import { secret } from "../../../../support/secrets";

const SECRET = "kubernetes:core/v1:Secret";
const SUFFIX = "random:index/randomString:RandomString";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const ROLLOUT = "dataplane:index:Rollout";
const IMAGE = "docker:index/image:Image";

inFolderWith(SAMPLE_PROJECT);

const SAMPLED = { ...SERVICE, sample: SERVICE_SAMPLE };

function suffixOf({ recording }: Awaited<ReturnType<typeof runService>>) {
  return ofType(recording, SUFFIX).find(({ name }) => name === "aks-service-1-sample-suffix");
}

describe("a service with a sample", () => {
  it("hands it to its pods in a Secret, which is encrypted in the state", async () => {
    const { recording } = await runService({ service: SAMPLED });
    const found = ofType(recording, SECRET).find(({ name }) => name === "aks-service-1-sample");
    const files = Object.entries(sampleFiles(SERVICE_SAMPLE));
    expect(found?.inputs).toMatchObject({
      metadata: { name: "scoring-sample-a1b2c3d4", namespace: "aks-service-1" },
      data: secret(
        Object.fromEntries(files.map(([name, content]) => [name, content.toString("base64")])),
      ),
    });
    expect(registered(recording, DEPLOYMENT).dependsOn).toContain(`${SECRET} aks-service-1-sample`);
  });

  it("rolls its pods for another sample by another name of the Secret, and builds no image", async () => {
    const one = await runService({ service: SAMPLED });
    const same = await runService({ service: SAMPLED });
    const sample = { ...SERVICE_SAMPLE, expected: "[4]" };
    const other = await runService({ service: { ...SAMPLED, sample } });
    expect(suffixOf(one)?.inputs).toEqual(suffixOf(same)?.inputs);
    expect(suffixOf(one)?.inputs.keepers).not.toEqual(suffixOf(other)?.inputs.keepers);
    const none = await runService();
    expect(single(other.recording, IMAGE).inputs).toEqual(single(none.recording, IMAGE).inputs);
  });

  it("is watched anew once it has one", async () => {
    const { recording: none } = await runService();
    const { recording: one } = await runService({ service: SAMPLED });
    const spec = (recording: typeof none) => single(recording, ROLLOUT).inputs.spec;
    expect(spec(one)).not.toEqual(spec(none));
  });

  it("has no Secret, folder and setting for it without one", async () => {
    const { recording } = await runService();
    expect(JSON.stringify(recording.resources)).not.toMatch(/-sample|SCORING_SAMPLE_DIR/);
  });
});

describe("the pod of a service with a sample", () => {
  it("has it as files that it may only read, and is told where", () => {
    const { spec } = podTemplate({ ...POD, sampleName: "sample-of-it" });
    expect(spec).toMatchObject({
      containers: [
        {
          env: expect.arrayContaining([
            { name: "SCORING_SAMPLE_DIR", value: "/etc/scoring/sample" },
          ]) as unknown,
          volumeMounts: [
            { name: "keys" },
            { name: "sample", mountPath: "/etc/scoring/sample", readOnly: true },
            { name: "tmp" },
          ],
        },
      ],
      volumes: [
        { name: "keys" },
        { name: "sample", secret: { secretName: "sample-of-it", defaultMode: 0o440 } },
        { name: "tmp" },
      ],
    });
  });
});
