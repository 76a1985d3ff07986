// Measures what one more service costs when the program is evaluated under mocks: runs in turn, medians of
// time and peak memory for a growing number of services beside the sample's.
//
//   node bench/services/evaluation.js [COUNT...]      (1 10 50 by default)
const { fork } = require("node:child_process");
const path = require("node:path");

const ROOT = path.join(__dirname, "../..");
const PROGRAM = path.join(ROOT, "bench/evaluation/program.js");
const COUNTS = process.argv.slice(2).map(Number);
const RUNS = 3;

function once(count) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const stdio = ["ignore", "ignore", "inherit", "ipc"];
    const child = fork(PROGRAM, [String(count)], { cwd: ROOT, stdio });
    let peakKiB = 0;
    child.on("message", (message) => (peakKiB = message.peakKiB));
    child.on("exit", (code) => {
      if (code !== 0) reject(new Error(`${count} services: it ended with ${code}`));
      else resolve({ ms: Number(process.hrtime.bigint() - start) / 1e6, mib: peakKiB / 1024 });
    });
  });
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function main() {
  const rows = (COUNTS.length > 0 ? COUNTS : [1, 10, 50]).map((count) => ({ count, runs: [] }));
  // Once for nothing: whatever is compiled or cached is then there for all.
  for (const { count } of rows) await once(count);
  for (let run = 0; run < RUNS; run += 1) {
    for (const { count, runs } of rows) runs.push(await once(count));
  }
  const of = ({ runs }, key) => median(runs.map((run) => run[key]));
  for (const row of rows) {
    const cells = `${of(row, "ms").toFixed(0).padStart(7)} ms ${of(row, "mib").toFixed(0).padStart(6)} MiB`;
    console.log(`${String(row.count).padStart(3)} services ${cells}`);
  }
  const [first, last] = [rows[0], rows.at(-1)];
  const added = (key) => (of(last, key) - of(first, key)) / (last.count - first.count || 1);
  console.log(`one more ${added("ms").toFixed(1)} ms, ${added("mib").toFixed(1)} MiB`);
}

void main();
