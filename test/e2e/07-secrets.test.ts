import * as fs from "node:fs";
import * as path from "node:path";
import { pulumi, ROOT, stackOutputs } from "../support/sandbox";
import { principal } from "../support/azure";
import { service } from "../support/services";

function filesBelow(folder: string): readonly string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(file) : entry.isFile() ? [file] : [];
  });
}

/** Everything that must not stand anywhere in plain text, in each way it might be written. */
async function secrets(): Promise<readonly string[]> {
  const { primaryKey, secondaryKey } = await service();
  const { kubeconfig } = await stackOutputs();
  const server = /server: (\S+)/.exec(kubeconfig)?.[1];
  if (server === undefined) throw new Error("the kubeconfig names no server");
  const plain = [primaryKey, secondaryKey, principal("deployer").clientSecret];
  const encoded = plain.map((text) => Buffer.from(text).toString("base64").replace(/=+$/, ""));
  return [...plain, ...encoded, "certificate-authority-data"];
}

it("keeps keys, passwords and the kubeconfig out of the exported state", async () => {
  const state = await pulumi("stack", "export");
  for (const secret of await secrets()) expect(state.includes(secret)).toBe(false);
  expect(state).not.toMatch(/eyJ[\w-]+\.eyJ/);
});

it("keeps them out of every log", async () => {
  const logs = filesBelow(path.join(ROOT, ".sandbox/logs"));
  expect(logs.length).toBeGreaterThan(3);
  // The test's own log has what the test asked for, secrets included.
  for (const log of logs.filter((file) => !file.endsWith("end-to-end.log"))) {
    const text = fs.readFileSync(log, "utf8");
    for (const secret of await secrets()) {
      expect({ log, found: text.includes(secret) }).toEqual({ log, found: false });
    }
  }
});
