// Measures what one more service costs: preview, `up` and an `up` without change, for a growing number of
// services beside the sample's, in the running sandbox. Prints seconds and the peak memory of the engine
// with all its plugins and the program, and what each service adds.
//
//   npm run sandbox
//   . .sandbox/env; node bench/services/run.js [COUNT...]      (1 10 50 by default)
//
// evaluation.js measures the program alone, without engine and sandbox.
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { clearInterval, setInterval } = require("node:timers");
const yaml = require("js-yaml");
const withServices = require("./withServices.js");

const ROOT = path.join(__dirname, "../..");
const COUNTS = process.argv.slice(2).map(Number);
const SAMPLE_MS = 200;

/** Resident memory in bytes of a process and all that it started. */
function residentBytes(pid) {
  try {
    const pages = Number(fs.readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    // A child is listed with the thread that started it, and the engine has many.
    const children = fs
      .readdirSync(`/proc/${pid}/task`)
      .flatMap((thread) =>
        fs.readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" "),
      );
    const below = children.filter(Boolean).map((child) => residentBytes(Number(child)));
    return below.reduce((sum, bytes) => sum + bytes, pages * 4096);
  } catch {
    return 0; // It has ended since it was listed.
  }
}

function pulumi(args, configFile) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const command = [...args, "--stack", "sandbox", "--config-file", configFile];
    const child = spawn("pulumi", [...command, "--non-interactive"], { cwd: ROOT });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    let peak = 0;
    const sampling = setInterval(() => {
      peak = Math.max(peak, residentBytes(child.pid));
    }, SAMPLE_MS);
    child.on("exit", (code) => {
      clearInterval(sampling);
      if (code !== 0) reject(new Error(`pulumi ${args[0]} ended with ${code}:\n${output}`));
      else resolve({ s: Number(process.hrtime.bigint() - start) / 1e9, mib: peak / 2 ** 20 });
    });
  });
}

/** The sample's configuration with COUNT more services. */
function writeConfig(folder, count) {
  const file = path.join(ROOT, "Pulumi.sandbox.yaml");
  const settings = yaml.load(fs.readFileSync(file, "utf8"));
  settings.config = withServices(settings.config, count);
  const target = path.join(folder, `Pulumi.sandbox-${count}.yaml`);
  fs.writeFileSync(target, yaml.dump(settings));
  return target;
}

async function measure(folder, count) {
  const config = writeConfig(folder, count);
  const apply = ["up", "--yes", "--skip-preview"];
  const steps = {
    preview: await pulumi(["preview"], config),
    up: await pulumi(apply, config),
    "no-op preview": await pulumi(["preview", "--expect-no-changes"], config),
    "no-op up": await pulumi([...apply, "--expect-no-changes"], config),
  };
  await pulumi(apply, writeConfig(folder, 0));
  return { count, steps };
}

function table(runs) {
  const [first] = runs;
  const last = runs.at(-1);
  for (const step of Object.keys(first.steps)) {
    const cells = runs.map(({ count, steps }) => {
      const { s, mib } = steps[step];
      return `${count}: ${s.toFixed(1)} s, ${mib.toFixed(0)} MiB`;
    });
    const added = (key) =>
      (last.steps[step][key] - first.steps[step][key]) / (last.count - first.count || 1);
    const more = `one more: ${added("s").toFixed(2)} s, ${added("mib").toFixed(1)} MiB`;
    console.log(`${step.padEnd(14)} ${cells.join("   ")}   ${more}`);
  }
}

async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-services-"));
  try {
    // Once for nothing: whatever is compiled or cached is then there for all.
    await pulumi(["preview"], writeConfig(folder, 0));
    const runs = [];
    for (const count of COUNTS.length > 0 ? COUNTS : [1, 10, 50]) {
      runs.push(await measure(folder, count));
    }
    table(runs);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

void main();
