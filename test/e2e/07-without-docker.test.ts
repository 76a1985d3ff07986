import * as fs from "node:fs";
import { attempt, run, stackOutputs } from "../support/sandbox";
import { predict } from "../support/scoring";
import { besideFirst } from "../support/secondStack";
import { service } from "../support/services";
import { replaced, type Values } from "../support/stackConfig";

const NAME = "without-docker";
const MINE = ["--stack", NAME];
const YES = ["--yes", "--skip-preview", "--non-interactive"];
/** What a machine looks like on which no Docker engine runs, whosever engine is there now. */
const NO_ENGINE = { env: { DOCKER_HOST: "unix:///nonexistent/docker.sock" } };

type Edit = (services: Record<string, Values>) => Record<string, Values>;

/** A stack in the first one's workspace and cluster. */
function configured(edit: Edit): Promise<readonly string[]> {
  return besideFirst((config) => {
    const { "aks-service-1": sample } = config["azureml-aks:services"] as Record<string, Values>;
    const models = config["azureml-aks:models"] as Record<string, Values>;
    const mine = replaced(sample, ["models"], ["their_model"]);
    return {
      "azureml-aks:models": {
        their_model: models.best_model,
        // The first stack's, which the image that it has built is for.
        best_model: { path: models.best_model?.path, existing: true },
      },
      "azureml-aks:services": edit({ "by-task": replaced(mine, ["image", "build"], "acr") }),
    };
  });
}

/** A second service, which runs the image that the first stack has built. */
async function withDigest(): Promise<Edit> {
  const { registryLoginServer, services } = await stackOutputs();
  const { imageDigest = "" } = services["aks-service-1"] ?? {};
  const digest = `${registryLoginServer}/azureml-aks/sandbox/myimage1@${imageDigest}`;
  return (mine) => ({
    ...mine,
    "by-digest": { ...mine["by-task"], models: ["best_model"], image: { digest } },
  });
}

it("previews, deploys, changes nothing more and destroys where no Docker engine runs", async () => {
  const config = await configured((mine) => mine);
  const base = ["by-task", "image", "baseImage"];
  const broken = await configured(
    (mine) => replaced(mine, base, "localhost/none:1") as typeof mine,
  );
  const both = await configured(await withDigest());
  const expected = await predict(await service());
  await run("pulumi", ["stack", "init", NAME, "--no-select", "--non-interactive"]);
  try {
    await run("pulumi", ["preview", "--non-interactive", ...MINE, ...config], NO_ENGINE);

    const failed = await attempt("pulumi", ["up", ...YES, ...MINE, ...broken], NO_ENGINE);
    expect(failed.code).not.toBe(0);
    // The end of the task's log is in the error, with the engine's own words.
    expect(failed.output).toMatch(/in Azure failed: run cb\w+ of the registry ended as Failed/);
    expect(failed.output).toContain("FROM ${BASE_IMAGE} AS environment");

    await run("pulumi", ["up", ...YES, ...MINE, ...config], NO_ENGINE);
    expect(await predict(await service("by-task", NAME))).toEqual(expected);
    const same = ["--expect-no-changes", ...YES, ...MINE];
    await run("pulumi", ["up", ...same, ...config], NO_ENGINE);

    await run("pulumi", ["up", ...YES, ...MINE, ...both], NO_ENGINE);
    expect(await predict(await service("by-digest", NAME))).toEqual(expected);
    await run("pulumi", ["refresh", ...same, ...both], NO_ENGINE);
    await run("pulumi", ["destroy", ...YES, ...MINE, ...both], NO_ENGINE);
    // The first stack's image is its own.
    await run("pulumi", ["refresh", "--expect-no-changes", "--stack", "sandbox", ...YES]);
  } finally {
    await attempt("pulumi", ["destroy", ...YES, ...MINE, ...both]);
    await run("pulumi", ["stack", "rm", "--yes", "--force", "--preserve-config", ...MINE]);
    fs.rmSync(`Pulumi.${NAME}.yaml`, { force: true });
  }
});
