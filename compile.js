// Compiles TypeScript with esbuild into `.build/` and loads the outcome, which is kept and used again
// until a source changes. Types are only stripped here; `npm run types` and `npm test` check them.
const fs = require("node:fs");
const path = require("node:path");

const BUILD = path.join(__dirname, ".build");

/** Identity of a source's content, as far as a look at the file tells. */
function stamp(file) {
  const { mtimeMs, size } = fs.statSync(file, { throwIfNoEntry: false }) ?? {};
  return `${mtimeMs} ${size}`;
}

function isCurrent(compiled, record) {
  if (!fs.existsSync(compiled) || !fs.existsSync(record)) return false;
  const sources = Object.entries(JSON.parse(fs.readFileSync(record, "utf8")));
  return sources.every(([file, known]) => stamp(path.join(__dirname, file)) === known);
}

function compile(entry, options, compiled, record) {
  const { metafile, outputFiles } = require("esbuild").buildSync({
    absWorkingDir: __dirname,
    entryPoints: [entry],
    outfile: compiled,
    bundle: true,
    platform: "node",
    format: "cjs",
    metafile: true,
    write: false,
    logLevel: "error",
    ...options,
  });
  const sources = [...Object.keys(metafile.inputs), "compile.js"];
  const stamps = sources.map((file) => [file, stamp(path.join(__dirname, file))]);
  fs.mkdirSync(BUILD, { recursive: true });
  // Written beside and renamed: two runs at a time never read half a file.
  const put = (file, content) => {
    fs.writeFileSync(`${file}.${process.pid}`, content);
    fs.renameSync(`${file}.${process.pid}`, file);
  };
  put(compiled, outputFiles[0].contents);
  put(record, JSON.stringify(Object.fromEntries(stamps)));
}

/**
 * Exports of a TypeScript file and all it imports.
 *
 * @param name of the outcome in `.build/`.
 * @param entry the file, relative to the project.
 * @param options of esbuild: what stays outside the outcome.
 */
module.exports = function load(name, entry, options) {
  const compiled = path.join(BUILD, `${name}.cjs`);
  const record = path.join(BUILD, `${name}.json`);
  if (!isCurrent(compiled, record)) compile(entry, options, compiled, record);
  require("node:module").enableCompileCache?.(path.join(BUILD, "cache"));
  return require(compiled);
};
