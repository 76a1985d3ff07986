import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";

const ROOT = path.resolve(__dirname, "../../..");

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

it("previews with the release of Pulumi that the program's SDK is of", () => {
  const text = fs.readFileSync(path.join(ROOT, ".github/workflows/preview.yml"), "utf8");
  const steps = Object.values((load(text) as Workflow).jobs).flatMap((job) => job.steps);
  const pulumi = steps.find(({ uses }) => uses?.startsWith("pulumi/actions@"));
  const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  expect(pulumi?.with?.["pulumi-version"]).toBe(manifest.dependencies["@pulumi/pulumi"]);
});
