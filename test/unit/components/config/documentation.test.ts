import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const ROOT = path.join(__dirname, "../../../..");
const GENERATE = path.join(ROOT, "docs/generate.ts");

function check(folder: string) {
  const script = ["-r", path.join(ROOT, "node_modules/sucrase/register"), GENERATE, "--check"];
  return spawnSync(process.execPath, script, { cwd: folder, encoding: "utf8" });
}

/** A folder with README and Pulumi.yaml in which one string is another. */
function projectWith(file: string, from: string, to: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-docs-"));
  for (const name of ["README.md", "Pulumi.yaml", ".prettierrc.json"]) {
    fs.copyFileSync(path.join(ROOT, name), path.join(folder, name));
  }
  const text = fs.readFileSync(path.join(folder, file), "utf8");
  expect(text).toContain(from);
  fs.writeFileSync(path.join(folder, file), text.replace(from, to));
  return folder;
}

describe("the documentation of the configuration", () => {
  it("is what the schema says", () => {
    expect(check(ROOT)).toMatchObject({ status: 0, stderr: "" });
  });

  it.each([
    ["README.md", "`rolloutTimeoutSeconds`", "`rolloutTimeout`"],
    ["Pulumi.yaml", "name: aml-aks-1", "name: aml-aks-2"],
  ])("is checked: a change in %s is noticed", (file, from, to) => {
    const folder = projectWith(file, from, to);
    expect(check(folder)).toMatchObject({
      status: 1,
      stderr: `${file} differs from the schema of the configuration; run \`npm run docs\`\n`,
    });
    fs.rmSync(folder, { recursive: true });
  });
});
