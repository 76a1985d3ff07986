import * as fs from "node:fs";
import * as path from "node:path";
import { pulumi, ROOT, run } from "../support/sandbox";

const README = fs.readFileSync(path.join(ROOT, "README.md"), "utf8");

/** Blocks of the README that a reader is to type as they stand. */
const blocks = [...README.matchAll(/```sh\n(.*?)```/gs)]
  .map(([, commands = ""]) => commands)
  // All tests would run this one again, and taking everything down is left to the next file.
  .filter((commands) => !/^npm (test$|run sandbox:down$)/m.test(commands));

// As a reader has one, from `pulumi stack init` or `npm run sandbox`.
beforeAll(() => pulumi("stack", "select"));

it("has commands to type", () => {
  expect(blocks.length).toBeGreaterThan(1);
});

it.each(blocks)("works as the README says: %s", async (commands) => {
  await run("sh", ["-eu", "-c", commands]);
});

it("previews the stack that the README makes of Pulumi.dev.yaml", async () => {
  const [, transcript = ""] = /```console\n(.*?)```/s.exec(README) ?? [];
  const commands = transcript
    .split("\n")
    .filter((line) => line.startsWith("$ "))
    .map((line) => line.slice(2));
  expect(commands).toEqual(["npm ci", "pulumi stack init dev", "pulumi preview", "pulumi up"]);
  const file = path.join(ROOT, "Pulumi.dev.yaml");
  const original = fs.readFileSync(file);
  try {
    // The packages are there, and a second cluster is more than the sandbox has room for.
    await run("sh", ["-eu", "-c", commands.slice(1, 3).join("\n")]);
  } finally {
    await run("pulumi", ["stack", "rm", "dev", "--yes", "--preserve-config"]);
    await pulumi("stack", "select");
    fs.writeFileSync(file, original);
  }
});
