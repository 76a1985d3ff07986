import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

const ROOT = path.resolve(__dirname, "../../..");

/** Runs the stages by name, as `sh test/run` does. */
function run(...names: readonly string[]) {
  const args = ["-r", "sucrase/register", "test/run.ts", ...names];
  return spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
}

it("refuses a stage that does not exist before it runs any, and names those that do", () => {
  const { status, stdout, stderr } = run("types", "unti");
  expect(status).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toBe(
    "test/run: there is no stage unti; the stages are types, lint, scripts, workflows, unit, python, python3.8, python3.9, contract, e2e, emulator, witness\n",
  );
});

it("has the stages that `npm run check` and the guide for contributors name", () => {
  const manifest = fs.readFileSync(path.join(ROOT, "package.json"), "utf8");
  const guide = fs.readFileSync(path.join(ROOT, "CONTRIBUTING.md"), "utf8");
  const named = [...`${manifest}${guide}`.matchAll(/sh test\/run ([a-z0-9 ]+)["`]/g)];
  expect(named.length).toBeGreaterThan(1);
  const known = run("?").stderr;
  for (const name of named.flatMap(([, names = ""]) => names.split(" "))) {
    expect(known).toContain(name);
  }
});
