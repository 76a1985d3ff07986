import * as fs from "node:fs";
import { sandboxLogs } from "../support/logs";
import { pulumi, stackOutputs } from "../support/sandbox";
import { principal } from "../support/azure";
import { service } from "../support/services";

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
  const logs = sandboxLogs();
  expect(logs.length).toBeGreaterThan(3);
  for (const log of logs) {
    const text = fs.readFileSync(log, "utf8");
    for (const secret of await secrets()) {
      expect({ log, found: text.includes(secret) }).toEqual({ log, found: false });
    }
  }
});
