import * as fs from "node:fs";
import * as path from "node:path";
import { pulumi, ROOT, run } from "../support/sandbox";

/** Blocks of the README that a reader is to type as they stand. */
const blocks = [
  ...fs.readFileSync(path.join(ROOT, "README.md"), "utf8").matchAll(/```sh\n(.*?)```/gs),
]
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
