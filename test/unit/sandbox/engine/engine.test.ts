import { stateFolder } from "../stateFolder";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { recentEnough } from "../../../../sandbox/engine/engine";
import { quoted } from "../../../../sandbox/host/programs";
import { builtPath } from "../../../../sandbox/engine/goBuild";
import { launcherText } from "../../../../sandbox/cluster/kubelogin";
import { kubernetes } from "../../../../sandbox/cluster/paths";
import { allPorts, port } from "../../../../sandbox/host/ports";
import { isEngineOfRun, removeDeadLocks } from "../../../../sandbox/engine/recovery";
import { isOutcome } from "../../../../sandbox/engine/stack";

afterAll(() => fs.rmSync(stateFolder, { recursive: true }));

describe("engine", () => {
  it("is taken from PATH only when it is recent enough for the SDK", () => {
    expect(recentEnough("v3.250.0")).toBe(true);
    expect(recentEnough("v4.0.0")).toBe(true);
    expect(recentEnough("v3.99.0")).toBe(false);
    expect(recentEnough("v2.999.0")).toBe(false);
    expect(recentEnough("unknown")).toBe(false);
  });

  it("is built anew when the sources or the settings of the build change", () => {
    const file = builtPath(kubernetes);
    expect(builtPath({ ...kubernetes })).toBe(file);
    expect(builtPath({ ...kubernetes, variables: { "main.version": "2" } })).not.toBe(file);
    expect(builtPath({ ...kubernetes, module: "pulumi" })).not.toBe(file);
  });
});

describe("the engine's locks", () => {
  const folder = path.join(
    stateFolder,
    "pulumi",
    ".pulumi",
    "locks",
    "organization",
    "p",
    "sandbox",
  );

  function lock(name: string, host: string, pid: number): string {
    fs.mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${name}.json`);
    fs.writeFileSync(file, JSON.stringify({ pid, username: "u", hostname: host, timestamp: "t" }));
    return file;
  }

  it("go when their process is gone, and only then", () => {
    const dead = lock("dead", os.hostname(), 4_194_305);
    const alive = lock("alive", os.hostname(), process.pid);
    const elsewhere = lock("elsewhere", "another-host", 4_194_305);
    removeDeadLocks();
    expect([dead, alive, elsewhere].map(fs.existsSync)).toEqual([false, true, true]);
  });
});

describe("an engine without a parent", () => {
  it("is one of a killed run's, and never one that a user started by hand", () => {
    const ours = "pulumi up --yes --skip-preview --stack sandbox --non-interactive";
    expect(isEngineOfRun(ours)).toBe(true);
    expect(isEngineOfRun(ours.replace(" up ", " destroy "))).toBe(true);
    expect(isEngineOfRun("pulumi up --stack sandbox")).toBe(false);
    expect(isEngineOfRun(`/opt/other/${ours}`)).toBe(false);
  });
});

describe("the engine's display", () => {
  it("is shown where it says what came of a resource", () => {
    expect(isOutcome("+  random:index:RandomString suffix created (0.12s)")).toBe(true);
    expect(isOutcome("~  docker:index:Image svc updated (19s) [diff: ~build]")).toBe(true);
    expect(isOutcome("+- a:b:C tag replaced (0.00s)")).toBe(true);
    expect(isOutcome("+  a:b:C d **creating failed** error: no")).toBe(true);
  });

  it("is counted, not shown, where it says that something goes on or that stand-ins are used", () => {
    expect(isOutcome("+  random:index:RandomString suffix creating (0s)")).toBe(false);
    expect(isOutcome("warning: using pulumi-resource-docker from $PATH at /x")).toBe(false);
  });
});

describe("ports", () => {
  it("are free, of their own, and the same at the next question", async () => {
    const [azure, etcd, again] = await Promise.all([port("azure"), port("etcd"), port("azure")]);
    expect(azure).toBe(again);
    expect(azure).not.toBe(etcd);
    expect(await port("etcd")).toBe(etcd);
    expect(allPorts()).toEqual({ azure, etcd });
  });
});

describe("texts for others", () => {
  it("quote what a shell would take apart", () => {
    expect(quoted("it's $HOME")).toBe(`'it'\\''s $HOME'`);
  });

  it("make kubelogin ask the emulated Entra ID, whatever the kubeconfig says", () => {
    const text = launcherText("/cache/kubelogin", "https://127.0.0.1:1/");
    expect(text).toContain(`"$@" --authority-host 'https://127.0.0.1:1/'`);
    expect(text).toContain("--disable-instance-discovery");
  });
});
