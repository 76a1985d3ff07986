import { stateFolder } from "../stateFolder";
import * as fs from "node:fs";
import * as path from "node:path";
import { knownSettings, readSettings, settingsFile } from "../../../../sandbox/azure/settings";
import { writeSettings } from "../../../../sandbox/azure/writeSettings";

function change(edit: (settings: Record<string, unknown>) => void): string {
  const settings = JSON.parse(fs.readFileSync(settingsFile(), "utf8")) as Record<string, unknown>;
  edit(settings);
  const file = path.join(stateFolder, "changed.json");
  fs.writeFileSync(file, JSON.stringify(settings));
  return file;
}

describe("the emulator's settings", () => {
  it("are read as they were written, and say which Kubernetes the cluster runs", async () => {
    const written = await writeSettings({ kubernetesVersion: "1.99.1", isOwn: true });
    expect(readSettings(settingsFile())).toEqual(written);
    expect(written.cluster.kubernetesVersions).toEqual(["1.99.1"]);
    expect(written.anonymousPull).toBe(true);
  });

  it("keep ports and identities from one start to the next", async () => {
    const before = knownSettings();
    const after = await writeSettings({ kubernetesVersion: "1.99.2", isOwn: false });
    const { port, principals, tenantId, subscriptionId, registry } = after;
    expect(before).toMatchObject({ port, principals, tenantId, subscriptionId, registry });
  });

  it("are refused when one is missing or unknown, with its name", () => {
    const lacking = change((settings) => delete settings["sandboxDir"]);
    expect(() => readSettings(lacking)).toThrow("lacks sandboxDir");
    const foreign = change((settings) => (settings["colour"] = "red"));
    expect(() => readSettings(foreign)).toThrow("unknown settings: colour");
  });
});
