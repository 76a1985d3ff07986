import { deploy } from "../../support/deployment";
import { inFolderWith, SAMPLE_PROJECT } from "../../support/folder";
import { settled, startMocks } from "../../support/mocks";

inFolderWith(SAMPLE_PROJECT);

/** Where something unknown stands in a value, as paths of keys. */
function unknownIn(value: unknown, path: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  if ("__pulumiUnknown" in value) return [path];
  return Object.entries(value).flatMap(([key, item]) => unknownIn(item, `${path}.${key}`));
}

async function previewOfUpdate(given: Parameters<typeof deploy>[0] = {}) {
  const recording = await startMocks({}, true, true);
  deploy(given);
  await settled();
  return recording.resources.flatMap(({ name, inputs }) => unknownIn(inputs, name));
}

describe("the preview of a change of every resource of Azure, such as one more tag", () => {
  it("knows all arguments of all other resources, but what is known only to an up", async () => {
    expect(await previewOfUpdate()).toEqual([
      // The token to push with.
      "aks-service-1.registry.value.password",
    ]);
  });
});
