// Compares evaluating the program with loading the SDK alone: runs in turn, since machines drift,
// and reports medians and ratios, since absolute times say little on a shared machine.
//
//   node bench/evaluation/run.js [RUNS] [OTHER]
//
// OTHER is another checkout with its packages installed: its program is measured in the same turns.
const { fork } = require("node:child_process");
const path = require("node:path");

const RUNS = Number(process.argv[2] ?? 9);
const ROOT = path.join(__dirname, "../..");
const OTHER = process.argv[3];

function once(root, script) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = fork(path.join(root, "bench/evaluation", script), {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    let peakKiB = 0;
    child.on("message", (message) => (peakKiB = message.peakKiB));
    child.on("exit", (code) => {
      if (code !== 0) reject(new Error(`${script} ended with ${code}`));
      else resolve({ ms: Number(process.hrtime.bigint() - start) / 1e6, mib: peakKiB / 1024 });
    });
  });
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function row({ name, runs }, floor) {
  const ratio = (key) => median(runs.map((run, i) => run[key] / floor.runs[i][key])).toFixed(2);
  const cell = (key, unit) =>
    `${median(runs.map((run) => run[key])).toFixed(0)} ${unit}`.padStart(10);
  return (
    name.padEnd(24) +
    cell("ms", "ms") +
    cell("mib", "MiB") +
    `  x ${ratio("ms")}, x ${ratio("mib")}`
  );
}

async function main() {
  const contenders = [
    { name: "@pulumi/pulumi alone", root: ROOT, script: "floor.js", runs: [] },
    { name: "the program", root: ROOT, script: "program.js", runs: [] },
    ...(OTHER ? [{ name: "the other program", root: OTHER, script: "program.js", runs: [] }] : []),
  ];
  // Once for nothing: whatever is compiled or cached is then there for all.
  for (const { root, script } of contenders) await once(root, script);
  for (let run = 0; run < RUNS; run++) {
    for (const { root, script, runs } of contenders) runs.push(await once(root, script));
  }
  const [floor] = contenders;
  console.log("median of each; ratios of time and peak memory to the first, in the same turn");
  for (const contender of contenders) console.log(row(contender, floor));
}

void main();
