import { spawnSync } from "node:child_process";
import * as path from "node:path";

const ROOT = path.resolve(__dirname, "../../..");

function run(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

// They evaluate the whole program several times.
jest.setTimeout(120_000);

it("compares the program with the SDK alone, as the README says", () => {
  expect(run("bench/evaluation/run.js", "1")).toMatch(/the program .* ms .* MiB .* x /);
});

it("says what one more service costs", () => {
  expect(run("bench/services/evaluation.js", "1")).toMatch(/one more .* ms, .* MiB/);
});
