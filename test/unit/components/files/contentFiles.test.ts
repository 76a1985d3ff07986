import * as fs from "node:fs";
import {
  BrokenLinkError,
  LinkLoopError,
  readContentFiles,
  sha256OfFile,
} from "../../../../components/files/contentFiles";
import { contentVersion } from "../../../../components/registeredModel/version";
import { inFolderWith, write } from "../../../support/folder";

// SHA-256 of "abc", the example of FIPS 180.
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

inFolderWith({ "model.pkl": "abc", "empty/.keep": "" });

describe("the content of a file", () => {
  it("has its SHA-256 as digest", () => {
    expect(sha256OfFile("model.pkl")).toBe(ABC);
    expect(sha256OfFile("empty/.keep")).toBe(EMPTY);
  });

  it("is read to its end where it is longer than one piece", () => {
    const piece = 4 * 1024 * 1024;
    fs.writeFileSync("large", Buffer.alloc(piece + 1));
    fs.writeFileSync("other", Buffer.concat([Buffer.alloc(piece), Buffer.from("x")]));
    expect(sha256OfFile("large")).not.toBe(sha256OfFile("other"));
  });

  it("is found under the file's own name, wherever it lies", () => {
    write({ "deep/er/model.pkl": "abc" });
    expect(readContentFiles("deep/er/model.pkl")).toEqual([
      { name: "model.pkl", source: "deep/er/model.pkl", size: 3, sha256: ABC },
    ]);
  });
});

describe("the content of a folder", () => {
  it("is every file below it, by name", () => {
    write({ "model/b": "abc", "model/a/z": "abc", "model/a.txt": "", "model/.hidden": "" });
    expect(readContentFiles("model")).toEqual([
      { name: ".hidden", source: "model/.hidden", size: 0, sha256: EMPTY },
      { name: "a.txt", source: "model/a.txt", size: 0, sha256: EMPTY },
      { name: "a/z", source: "model/a/z", size: 3, sha256: ABC },
      { name: "b", source: "model/b", size: 3, sha256: ABC },
    ]);
  });

  it("is found under the same names with a slash at the end", () => {
    write({ "model/a": "abc" });
    expect(readContentFiles("model/").map(({ name }) => name)).toEqual(["a"]);
  });

  it("is nothing where there are only folders", () => {
    fs.mkdirSync("model/deeper", { recursive: true });
    expect(readContentFiles("model")).toEqual([]);
  });

  it("includes files and folders behind links", () => {
    write({ "model/sub/a": "abc", "model/sub/deep/b": "abc" });
    fs.symlinkSync("../model.pkl", "model/link");
    fs.symlinkSync("sub", "model/linked");
    expect(readContentFiles("model").map(({ name, sha256 }) => [name, sha256])).toEqual([
      ["link", ABC],
      ["linked/a", ABC],
      ["linked/deep/b", ABC],
      ["sub/a", ABC],
      ["sub/deep/b", ABC],
    ]);
  });

  it.each(["..", ".", "../../model"])("is refused where a link leads back up to %j", (target) => {
    write({ "model/sub/a": "abc" });
    fs.symlinkSync(target, "model/sub/up");
    expect(() => readContentFiles("model")).toThrow(LinkLoopError);
    expect(() => readContentFiles("model")).toThrow(/the link "model\/.*up" leads back/);
  });

  it("leaves out what interpreters, editors and version control leave behind", () => {
    write({
      "model/a.py": "abc",
      "model/__pycache__/a.cpython-311.pyc": "x",
      "model/sub/.ipynb_checkpoints/a": "x",
      "model/.git/HEAD": "x",
      "model/.DS_Store": "x",
    });
    expect(readContentFiles("model").map(({ name }) => name)).toEqual(["a.py"]);
  });

  it("is not taken for complete where a link leads nowhere", () => {
    write({ "model/a": "abc" });
    fs.symlinkSync("nowhere", "model/broken");
    expect(() => readContentFiles("model")).toThrow(BrokenLinkError);
    expect(() => readContentFiles("model")).toThrow('the link "model/broken" leads nowhere');
  });
});

describe("the version of a model", () => {
  const file = { name: "model.pkl", source: "model.pkl", size: 3, sha256: ABC };

  it("is 12 hexadecimal digits that names and digests decide", () => {
    const version = contentVersion([file]);
    expect(version).toMatch(/^[0-9a-f]{12}$/);
    expect(contentVersion([{ ...file, source: "elsewhere/model.pkl" }])).toBe(version);
    expect(contentVersion([{ ...file, name: "other.pkl" }])).not.toBe(version);
    expect(contentVersion([{ ...file, sha256: EMPTY }])).not.toBe(version);
    expect(contentVersion([file, { ...file, name: "second" }])).not.toBe(version);
  });
});
