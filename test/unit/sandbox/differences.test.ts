import * as fs from "node:fs";
import * as path from "node:path";

const ROOT = path.resolve(__dirname, "../../..");
const page = fs.readFileSync(path.join(ROOT, "docs/sandbox-differences.md"), "utf8");

/** Paragraphs and items of lists, each as one line, and the heading or sentence above a list with its items. */
const passages = page
  .split(/\n\s*\n|\n(?=- )/)
  .map((passage) => passage.replace(/\s+/g, " ").trim())
  .filter((passage) => passage !== "" && !passage.startsWith("#"));

/** What the section on likeness claims, an item each; a list may name one file for all of its items. */
function claims(): readonly { readonly text: string; readonly default: string }[] {
  const [, section = ""] = page.split("\n## What is alike\n");
  let file = "";
  return section.split(/\n\s*\n|\n(?=- )/).flatMap((passage) => {
    const text = passage.replace(/\s+/g, " ").trim();
    if (text.startsWith("- ")) return [{ text, default: file }];
    file = /`(test\/[\w./-]+)`/.exec(text)?.[1] ?? "";
    return [];
  });
}

/** Each test that a claim names, with the file that was named last before it. */
function namedTests(claim: ReturnType<typeof claims>[number]) {
  let file = claim.default;
  return [...claim.text.matchAll(/`(test\/[\w./-]+)`|"([^"]+)"/g)].flatMap(([, path, name]) => {
    if (path !== undefined) file = path;
    return name === undefined ? [] : [{ file, name }];
  });
}

const titles = (file: string) => {
  const text = fs.readFileSync(path.join(ROOT, file), "utf8");
  return [...text.matchAll(/\b(?:it|test)(?:\.each\([^]*?\))?\(\s*"([^"]+)"/g)].map(
    ([, title]) => title,
  );
};

describe("the page on the sandbox and Azure", () => {
  it("claims a likeness only where it names a test", () => {
    const likeness = /\balike\b|\bas (in )?Azure( does)?\b|\bboth\b|\bas the real (one|plugin)\b/;
    const outside = passages.filter((passage) => likeness.test(passage) && !/test/.test(passage));
    expect(outside).toEqual([]);
  });

  it.each(claims())("names a test that there is for: $text", (claim) => {
    const named = namedTests(claim);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(({ file, name }) => !titles(file).includes(name))).toEqual([]);
  });

  it("names no file of tests that there is not", () => {
    const files = [...page.matchAll(/`(test\/[\w./-]+)`/g)].map(([, file = ""]) => file);
    expect(files.filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});
