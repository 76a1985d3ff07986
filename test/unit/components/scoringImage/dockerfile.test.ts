import * as fs from "node:fs";
import * as path from "node:path";
import { withArguments } from "../../../../components/scoringImage/dockerfile";
import { planBuild } from "../../../../components/scoringImage/buildContext";
import { MODEL, SERVICE } from "../../../support/program";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";

const REAL = fs.readFileSync(path.join(__dirname, "../../../../server/Dockerfile"), "utf8");

describe("a Dockerfile with its arguments filled in", () => {
  it.each([
    ["python:3.11-slim-bookworm", "python:3.11-slim-bookworm"],
    ["", '""'],
    ["two words", '"two words"'],
    ['{"a":"b"}', String.raw`"{\"a\":\"b\"}"`],
    ["$HOME", String.raw`"\$HOME"`],
    ["a\\b", String.raw`"a\\b"`],
    ["two\nlines", '"two lines"'],
    ["$& $1", String.raw`"\$& \$1"`],
  ])("writes %j as %s", (value, literal) => {
    expect(withArguments('ARG A="x"\nFROM b\nARG A\nARG AB=c\n', { A: value })).toBe(
      `ARG A=${literal}\nFROM b\nARG A=${literal}\nARG AB=c\n`,
    );
  });

  it("refuses an argument that the file does not have", () => {
    expect(() => withArguments("FROM a\n", { B: "c" })).toThrow("the Dockerfile has no argument B");
  });
});

describe("the server's Dockerfile", () => {
  inFolderWith(SAMPLE_PROJECT);

  it("has all arguments that the plan of a build gives", () => {
    const plan = planBuild({ image: SERVICE.image, models: [MODEL], serverFolder: "server" });
    expect(withArguments(REAL, plan.args)).toContain(`ARG INPUTS_HASH=${plan.tag}\n`);
  });
});
