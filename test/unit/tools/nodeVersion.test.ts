import * as fs from "node:fs";
import * as path from "node:path";
import * as semver from "semver";

const ROOT = path.resolve(__dirname, "../../..");

interface Manifest {
  readonly engines?: { readonly node?: string };
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, Pick<Manifest, "engines">>>;
}

const text = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");
const manifest = JSON.parse(text("package.json")) as Manifest;
const range = manifest.engines?.node ?? "";
const oldest = semver.minVersion(range)?.version ?? "";
const pinned = text(".node-version").trim();

it("is pinned to one exact release, which `engines` accepts", () => {
  expect(semver.valid(pinned)).toBe(pinned);
  expect(semver.satisfies(pinned, range)).toBe(true);
});

it("is in the README as `engines` says it", () => {
  const stated = [...text("README.md").matchAll(/Node\.js (\d[\d.]*) or newer/g)];
  expect(stated.length).toBeGreaterThan(0);
  expect(new Set(stated.map(([, version]) => `>=${version}`))).toEqual(new Set([range]));
});

it("is asked for by the example as by the program", () => {
  const example = JSON.parse(text("examples/consumer/package.json")) as Manifest;
  expect(example.engines?.node).toBe(range);
});

it("has the types of the oldest release, so that nothing newer is used", () => {
  expect(semver.major(manifest.devDependencies["@types/node"] ?? "")).toBe(semver.major(oldest));
});

it.each(["oldest", "pinned"] as const)("is new enough for every npm package: the %s", (which) => {
  const version = which === "oldest" ? oldest : pinned;
  const { packages } = JSON.parse(text("package-lock.json")) as Lock;
  const refused = Object.entries(packages).filter(
    ([, { engines }]) => engines?.node !== undefined && !semver.satisfies(version, engines.node),
  );
  expect(refused.map(([name, { engines }]) => `${name} needs ${engines?.node}`)).toEqual([]);
});

it("runs these tests with a release that `engines` accepts", () => {
  expect(semver.satisfies(process.versions.node, range)).toBe(true);
});
