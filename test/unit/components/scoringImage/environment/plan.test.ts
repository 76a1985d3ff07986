import * as fs from "node:fs";
import * as path from "node:path";
import { dump, load } from "js-yaml";
import {
  CondaFileError,
  parseCondaFile,
} from "../../../../../components/scoringImage/environment/condaFile";
import {
  PACKAGE_SOURCES,
  planEnvironment,
  type PackageSource,
} from "../../../../../components/scoringImage/environment/plan";

interface Outcome {
  readonly python?: string;
  readonly channels?: readonly string[];
  readonly specs?: readonly string[];
  readonly requirements?: readonly string[];
  readonly debian?: readonly string[];
  readonly fault?: string;
}

type Case = Readonly<Record<PackageSource, Outcome>> & {
  readonly title: string;
  readonly file: unknown;
};

const TABLE = path.join(__dirname, "../../../../condaFiles/cases.yaml");
const CASES = load(fs.readFileSync(TABLE, "utf8")) as readonly Case[];

function outcomeOf(file: unknown, source: PackageSource): Outcome {
  try {
    const content = parseCondaFile(dump(file));
    const { python, requirements, debian, specs } = planEnvironment(content, source);
    const names = specs.map(({ name, version }) => `${name} ${version}`.trim());
    return { python, requirements, debian, specs: names };
  } catch (error) {
    if (!(error instanceof CondaFileError)) throw error;
    return { fault: error.message };
  }
}

/** What the preview knows; channels are expanded by the build. */
function expected({ fault, python, requirements = [], debian = [], specs = [] }: Outcome): Outcome {
  return fault === undefined ? { python, requirements, debian, specs } : { fault };
}

describe("the table of conda files", () => {
  it("has cases enough, each with a title of its own", () => {
    expect(CASES.length).toBeGreaterThanOrEqual(60);
    expect(new Set(CASES.map(({ title }) => title)).size).toBe(CASES.length);
  });

  const rows = CASES.flatMap((row) => PACKAGE_SOURCES.map((source) => ({ row, source })));

  it.each(rows)("is what the preview plans: $row.title, from $source", ({ row, source }) => {
    expect(outcomeOf(row.file, source)).toEqual(expected(row[source]));
  });
});

describe("the Python of a base image", () => {
  const planWith = (dependency: string, base: string) =>
    planEnvironment(parseCondaFile(dump({ dependencies: [dependency] })), "pypi", base).python;

  it("is the script's where the file allows it", () => {
    expect(planWith("python>=3.8", "3.11")).toBe("3.11");
    expect(planWith("numpy", "3.12")).toBe("3.12");
  });

  it("is refused where the file asks for another, or the worker does not run on it", () => {
    expect(() => planWith("python=3.12", "3.11")).toThrow(
      'asks for "python=3.12"; the base image has Python 3.11',
    );
    expect(() => planWith("numpy", "3.7")).toThrow(/asks for any Python; Python 3\.\d+ to 3\.14/);
  });
});
