import * as fs from "node:fs";
import { spawnSync } from "node:child_process";
import type { BuildPlan } from "../../../../components/scoringImage/buildContext";
import { contextFor } from "../../../../components/scoringImage/contexts";
import { inFolderWith } from "../../../support/folder";

inFolderWith({ Dockerfile: "FROM scratch\n" });

const HOME = ".build/contexts";

function plan(tag: string): BuildPlan {
  const file = { name: "Dockerfile", source: "Dockerfile", size: 13, sha256: "digest" };
  return { tag, files: [file], digests: "{}\n", args: {} };
}

/** Id of a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

/** As if another process had laid this context out. */
function handOver(tag: string, pid: number): void {
  fs.renameSync(`${HOME}/${tag}.used-by-${process.pid}`, `${HOME}/${tag}.used-by-${pid}`);
}

const left = () => fs.readdirSync(HOME).filter((entry) => !entry.includes("."));

describe("the folder of build contexts", () => {
  it("has each context under its tag, so that no stack's name is in the way", () => {
    expect(contextFor(plan("one"), "docker")).toBe(`${HOME}/one`);
    expect(fs.readFileSync(`${HOME}/one/Dockerfile`, "utf8")).toBe("FROM scratch\n");
  });

  it("keeps what this run has laid out, and what another one that runs needs", () => {
    contextFor(plan("theirs"), "docker");
    handOver("theirs", process.ppid);
    contextFor(plan("one"), "docker");
    contextFor(plan("two"), "docker");
    expect(left()).toEqual(["one", "theirs", "two"]);
  });

  it("does not grow: what earlier runs have left is removed, finished or cut off", () => {
    contextFor(plan("old"), "docker");
    handOver("old", deadProcess());
    fs.mkdirSync(`${HOME}/cut.${deadProcess()}/code`, { recursive: true });
    contextFor(plan("new"), "docker");
    expect(fs.readdirSync(HOME).sort()).toEqual(["new", "new.tag", `new.used-by-${process.pid}`]);
  });

  it("lays a context out again that somebody has removed", () => {
    contextFor(plan("one"), "docker");
    fs.rmSync(".build", { recursive: true });
    contextFor(plan("one"), "docker");
    expect(fs.existsSync(`${HOME}/one/Dockerfile`)).toBe(true);
  });
});
