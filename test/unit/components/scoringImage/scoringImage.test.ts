import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { TOKEN_USER } from "../../../../dataplane/contract";
import { deploy } from "../../../support/deployment";
import { inFolderWith, SAMPLE_PROJECT, write } from "../../../support/folder";
import {
  childrenOf,
  registered,
  settled,
  single,
  startMocks,
  valueOf,
} from "../../../support/mocks";
import { secret } from "../../../support/secrets";
import { SERVICE } from "../../../support/program";

const IMAGE = "docker:index/image:Image";
const REPOSITORY = "dataplane:index:ImageRepository";
const CREDENTIALS = "dataplane:index:registryCredentials";
const BUILD = "dataplane:index:ImageBuild";
const RETENTION = "dataplane:index:ImageRetention";

inFolderWith(SAMPLE_PROJECT);

// Most tests look at the same image, each from another side.
let usual: ReturnType<typeof build> | undefined;
const sample = () => (usual ??= build());

async function build(given: Parameters<typeof deploy>[0] = {}, preview = false) {
  const recording = await startMocks({}, preview);
  const { image } = deploy(given);
  await settled();
  return { recording, image: { ...image, tag: image.pushed?.tag ?? "" } };
}

const contextOf = ({ tag }: { readonly tag: string }) => `.build/contexts/${tag}`;

describe("a scoring image", () => {
  it("is made of a claim on its tag and the image itself", async () => {
    const { recording } = await sample();
    const ofImage = recording.registrations.filter(
      ({ parent }) => parent === "azureml-aks:index:ScoringImage aks-service-1",
    );
    expect(ofImage.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      `${REPOSITORY} myimage1.repository`,
      `${IMAGE} aks-service-1`,
    ]);
  });

  it("is claimed by the name of its repository, whichever service has it", async () => {
    const { recording } = await build({ service: { ...SERVICE, name: "renamed" } });
    expect(registered(recording, REPOSITORY)).toMatchObject({
      name: "myimage1.repository",
      aliases: ["renamed-repository"],
    });
  });

  it("is claimed in a repository of the stack's own, under a tag by its content", async () => {
    const { recording, image } = await sample();
    expect(image.tag).toMatch(/^[0-9a-f]{16}$/);
    expect(single(recording, REPOSITORY).inputs).toEqual({
      loginServer: "registry.example",
      repository: "azureml-aks/test/myimage1",
      isGranted: true,
      pushTenantId: "tenant",
    });
  });

  it("is built for AKS's nodes from its context, with the inputs' digest as an argument", async () => {
    const { recording, image } = await sample();
    expect(single(recording, IMAGE).inputs).toMatchObject({
      imageName: `registry.example/azureml-aks/test/myimage1:${image.tag}`,
      build: {
        context: contextOf(image),
        dockerfile: `${contextOf(image)}/Dockerfile`,
        platform: "linux/amd64",
        args: {
          BASE_IMAGE: "python:3.11-slim-bookworm",
          INPUTS_HASH: image.tag,
          SERVICE_IMAGE_DESCRIPTION: "Image with ridge regression model",
        },
      },
      buildOnPreview: false,
      skipPush: false,
    });
  });

  it("is pushed with a short-lived token of the deployer, kept secret", async () => {
    const { recording } = await sample();
    const { inputs } = single(recording, IMAGE);
    expect(inputs.registry).toEqual(
      secret({ server: "registry.example", username: TOKEN_USER, password: "refresh-token" }),
    );
    expect(recording.calls.filter(({ token }) => token === CREDENTIALS)).toEqual([
      {
        token: CREDENTIALS,
        inputs: { loginServer: "registry.example", tenantId: "tenant" },
        provider: "",
      },
    ]);
  });

  it("is built with credentials as a secret, which its tag does not know", async () => {
    const credentials = { "feed.example": "name:password" };
    const { image: plain } = await build();
    const { recording, image } = await build({
      service: { ...SERVICE, image: { ...SERVICE.image, credentials } },
    });
    const argument = JSON.stringify(credentials);
    expect(single(recording, IMAGE).inputs.build).toEqual(
      secret(
        expect.objectContaining({
          args: expect.objectContaining({ CREDENTIALS: argument }) as unknown,
        }),
      ),
    );
    expect(image.tag).toBe(plain.tag);
  });

  it("asks for no token in a preview: a saved plan then holds for any token of a later up", async () => {
    const { recording } = await build({}, true);
    expect(recording.calls.map(({ token }) => token)).not.toContain(CREDENTIALS);
    expect(single(recording, IMAGE).inputs.registry).toEqual(
      secret({ server: "registry.example", username: TOKEN_USER, password: pulumi.unknown }),
    );
  });

  it("is claimed before it is pushed, and pushed after roles and models are there", async () => {
    const { recording } = await sample();
    expect(registered(recording, REPOSITORY).dependsOn).toEqual(
      expect.arrayContaining([
        "azure-native:authorization:RoleAssignment workspace-delete-role",
        "azure-native:authorization:RoleAssignment workspace-push-role",
      ]),
    );
    expect(registered(recording, IMAGE).dependsOn).toEqual(
      expect.arrayContaining([
        `${REPOSITORY} myimage1.repository`,
        "azure-native:authorization:RoleAssignment workspace-push-role",
        "azure-native:machinelearningservices:ModelVersion best_model",
      ]),
    );
  });

  it("is referred to by digest, never by tag", async () => {
    const { recording, image } = await sample();
    expect(await valueOf(image.reference)).toBe(
      `registry.example/azureml-aks/test/myimage1@sha256:of-${image.tag}`,
    );
    expect(await valueOf(image.digest)).toBe(`sha256:of-${image.tag}`);
    expect(recording.outputs.get("azureml-aks:index:ScoringImage aks-service-1")).toEqual([
      "digest",
      "reference",
      "tag",
    ]);
  });

  it("has its context laid out on disk, also in a preview", async () => {
    const { image } = await build({}, true);
    const files = fs.readdirSync(contextOf(image), { recursive: true, encoding: "utf8" }).sort();
    expect(files).toEqual([
      "Dockerfile",
      "code",
      "code/score.py",
      "environment",
      "environment/myenv.yml",
      "model-digests.json",
      "models",
      "models/best_model",
      "models/best_model/1",
      "models/best_model/1/model.pkl",
      "server",
      "server/conda_environment",
      "server/conda_environment/__init__.py",
      "server/copy_interpreter.py",
      "server/requirements-build.txt",
      "server/requirements-interpreter.txt",
      "server/requirements-old-pip.txt",
      "server/requirements-worker.txt",
      "server/requirements.txt",
      "server/scoring_server",
      "server/scoring_server/__init__.py",
    ]);
  });

  it("gets another tag when the scoring server changes", async () => {
    const { image: before } = await build();
    write({ "server/scoring_server/__init__.py": "changed = True\n" });
    const { image: after } = await build();
    expect(after.tag).not.toBe(before.tag);
  });

  it("has a repository of lower-case letters, as registries ask", async () => {
    const recording = await startMocks();
    const image = { ...SERVICE.image, name: "my.image" };
    deploy({ service: { ...SERVICE, image } });
    await settled();
    expect(single(recording, REPOSITORY).inputs.repository).toBe("azureml-aks/test/my.image");
    expect(childrenOf(recording, "ScoringImage aks-service-1")).toContain(
      `${REPOSITORY} my.image.repository`,
    );
  });
});

describe("an image that a task of the registry builds", () => {
  const byTask = { ...SERVICE, image: { ...SERVICE.image, build: "acr" as const } };
  const taskContext = (image: { readonly tag: string }) => `${contextOf(image)}-acr`;

  it.each([false, true])(
    "takes no Docker and no token of the registry (preview: %s)",
    async (preview) => {
      const { recording } = await build({ service: byTask }, preview);
      const types = recording.registrations.map(({ type }) => type);
      expect(types.filter((type) => type.startsWith("docker:"))).toEqual([]);
      expect(types).toContain(BUILD);
      expect(recording.calls.map(({ token }) => token)).not.toContain(CREDENTIALS);
    },
  );

  it("has the tag that Docker would give it, in the same repository", async () => {
    const { image: plain } = await sample();
    const { recording, image } = await build({ service: byTask });
    expect(image.tag).toBe(plain.tag);
    expect(single(recording, BUILD).inputs).toEqual({
      registryId: expect.stringContaining("workspace-registry") as unknown,
      loginServer: "registry.example",
      repository: "azureml-aks/test/myimage1",
      tag: image.tag,
      context: taskContext(image),
      dockerfile: "task.Dockerfile",
      platform: "linux/amd64",
      secretArguments: {},
    });
  });

  it("is claimed before it is built, and built after roles and models are there", async () => {
    const { recording } = await build({ service: byTask });
    expect(registered(recording, BUILD).dependsOn).toEqual(
      expect.arrayContaining([
        `${REPOSITORY} myimage1.repository`,
        "azure-native:authorization:RoleAssignment workspace-push-role",
        "azure-native:machinelearningservices:ModelVersion best_model",
      ]),
    );
  });

  it("is referred to by digest, and tidied up as any other", async () => {
    const { recording, image } = await build({ service: byTask });
    expect(await valueOf(image.reference)).toBe(
      `registry.example/azureml-aks/test/myimage1@sha256:of-${image.tag}`,
    );
    expect(single(recording, RETENTION).inputs).toMatchObject({ tag: image.tag });
  });

  it("is built with the arguments in its Dockerfile, and credentials beside it as a secret", async () => {
    const credentials = { "feed.example": "name:password" };
    const image = { ...byTask.image, credentials, baseImage: "mine:1" };
    const { recording, image: built } = await build({ service: { ...byTask, image } });
    expect(single(recording, BUILD).inputs.secretArguments).toEqual(
      secret({ CREDENTIALS: JSON.stringify(credentials) }),
    );
    const dockerfile = fs.readFileSync(`${taskContext(built)}/task.Dockerfile`, "utf8");
    expect(dockerfile).toContain("ARG BASE_IMAGE=mine:1\n");
    expect(dockerfile).not.toContain("password");
  });
});

describe("an image that was there", () => {
  const reference = `other.example/team/image@sha256:${"a".repeat(64)}`;
  const given = { ...SERVICE, image: { kind: "given" as const, reference } };

  it("is run as it is: nothing is laid out, built, claimed or tidied up", async () => {
    const recording = await startMocks();
    const { image } = deploy({ service: given });
    await settled();
    expect(await valueOf(image.reference)).toBe(reference);
    expect(await valueOf(image.digest)).toBe(`sha256:${"a".repeat(64)}`);
    expect(fs.existsSync(".build")).toBe(false);
    const types = recording.registrations.map(({ type }) => type);
    expect(types.filter((type) => type.startsWith("docker:"))).toEqual([]);
    for (const type of [BUILD, REPOSITORY, RETENTION]) expect(types).not.toContain(type);
    expect(single(recording, "dataplane:index:ImageUse").inputs).toEqual({ reference });
  });

  it("says itself what its script is called", async () => {
    const recording = await startMocks();
    deploy({ service: given });
    await settled();
    const deployment = JSON.stringify(single(recording, "kubernetes:apps/v1:Deployment").inputs);
    expect(deployment).toContain(reference);
    expect(deployment).not.toContain("AZUREML_ENTRY_SCRIPT");
  });
});
