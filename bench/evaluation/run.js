// Compares evaluating the program with loading the SDK alone: runs in turn, since machines drift,
// and reports medians and ratios, since absolute times say little on a shared machine.
const { fork } = require("node:child_process");
const path = require("node:path");

const RUNS = Number(process.argv[2] ?? 9);
const LIMIT = 1.5;

function once(script) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = fork(path.join(__dirname, script), {
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
const row = (name, runs) =>
  `${name.padEnd(24)}${median(runs.map((r) => r.ms))
    .toFixed(0)
    .padStart(8)} ms` +
  `${median(runs.map((r) => r.mib))
    .toFixed(0)
    .padStart(8)} MiB`;

async function main() {
  const floor = [];
  const program = [];
  await once("program.js");
  for (let run = 0; run < RUNS; run++) {
    floor.push(await once("floor.js"));
    program.push(await once("program.js"));
  }
  const ratio = (key) => median(program.map((r, i) => r[key] / floor[i][key]));
  console.log(row("@pulumi/pulumi alone", floor));
  console.log(row("the program", program));
  console.log(
    `ratio: time ${ratio("ms").toFixed(2)}, memory ${ratio("mib").toFixed(2)} (limit ${LIMIT})`,
  );
}

void main();
