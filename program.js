// What Pulumi runs: index.ts, with its types stripped. The outcome is kept and used again until a
// source changes, so that evaluating the program costs little more than loading the SDK; types are
// checked by `npm run types` and `npm test`.
const fs = require("node:fs");
const path = require("node:path");

const ENTRY = path.join(__dirname, "index.ts");
const COMPILED = path.join(__dirname, ".build/program.cjs");
const RECORD = path.join(__dirname, ".build/program.json");

/** Identity of a source's content, as far as a look at the file tells. */
function stamp(file) {
  const { mtimeMs, size } = fs.statSync(file, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
}

function isCurrent() {
  if (!fs.existsSync(COMPILED) || !fs.existsSync(RECORD)) return false;
  const sources = Object.entries(JSON.parse(fs.readFileSync(RECORD, "utf8")));
  return sources.every(([file, known]) => stamp(path.join(__dirname, file)) === known);
}

function compile() {
  const { metafile, outputFiles } = require("esbuild").buildSync({
    absWorkingDir: __dirname,
    entryPoints: [ENTRY],
    outfile: COMPILED,
    bundle: true,
    // The SDK's core is loaded as it is; of the providers' SDKs only the classes in use come along.
    external: ["@pulumi/pulumi", "@pulumi/pulumi/*"],
    platform: "node",
    format: "cjs",
    metafile: true,
    write: false,
    logLevel: "error",
  });
  const sources = [...Object.keys(metafile.inputs), "program.js"];
  const record = Object.fromEntries(
    sources.map((file) => [file, stamp(path.join(__dirname, file))]),
  );
  fs.mkdirSync(path.dirname(COMPILED), { recursive: true });
  // Written beside and renamed: two runs at a time never read half a file.
  const put = (file, content) => {
    fs.writeFileSync(`${file}.${process.pid}`, content);
    fs.renameSync(`${file}.${process.pid}`, file);
  };
  put(COMPILED, outputFiles[0].contents);
  put(RECORD, JSON.stringify(record));
}

if (!isCurrent()) compile();
module.exports = require(COMPILED);
