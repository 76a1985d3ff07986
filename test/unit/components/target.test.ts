import * as pulumi from "@pulumi/pulumi";
import { deploy } from "../../support/deployment";
import { inFolderWith, SAMPLE_PROJECT } from "../../support/folder";
import { settled, startMocks, valueOf } from "../../support/mocks";

inFolderWith(SAMPLE_PROJECT);

describe("an up with --target", () => {
  it("runs to its end although what is left out was never made and has no outputs", async () => {
    const recording = await startMocks();
    await pulumi.runtime.setMocks(
      {
        newResource: (args) => {
          recording.resources.push(args);
          return { id: "", state: {} };
        },
        call: ({ token }) => {
          throw new Error(`${token} was called, though there is nothing to ask about`);
        },
      },
      "azureml-aks",
      "test",
      false,
      "organization",
    );
    const { image, service } = deploy();
    await settled();
    // An output that failed never has a value; with Pulumi it ends the run.
    await Promise.all([image.digest, service.outputs.scoringUri].map(valueOf));
    expect(recording.resources.length).toBeGreaterThan(20);
    // What is made of values that are not there is asked for all the same.
    expect(recording.resources.map(({ type }) => type)).toContain("kubernetes:core/v1:Secret");
  });
});
