import * as fs from "node:fs";
import * as path from "node:path";

const ROOT = path.resolve(__dirname, "../../..");
const PAGES = ["CONTRIBUTING.md", "README.md", "docs/README.md"];

const text = (page: string) => fs.readFileSync(path.join(ROOT, page), "utf8");
const scripts = (JSON.parse(text("package.json")) as { readonly scripts: object }).scripts;

/** Paths in code spans, as `components/names/`; patterns such as `<component>` are of no one file. */
function namedPaths(page: string): readonly string[] {
  const spans = [...page.matchAll(/`([\w./-]+)`/g)].map(([, span = ""]) => span);
  return spans.filter((span) => /^\w[\w-]*\/[\w./-]*$/.test(span));
}

it("names files and folders that exist, so that its lists lead somewhere", () => {
  const paths = namedPaths(text("CONTRIBUTING.md"));
  expect(paths.length).toBeGreaterThan(20);
  const missing = paths.filter((file) => !fs.existsSync(path.join(ROOT, file)));
  expect(missing).toEqual([]);
});

it.each(PAGES)("names npm scripts that exist in %s", (page) => {
  const named = [...text(page).matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name);
  expect(named.filter((name) => name !== undefined && !(name in scripts))).toEqual([]);
});

it.each(PAGES)("links to files that exist in %s", (page) => {
  const links = [...text(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(
    ([, to = ""]) => to,
  );
  const folder = path.join(ROOT, path.dirname(page));
  expect(links.filter((to) => !fs.existsSync(path.join(folder, to)))).toEqual([]);
});
