import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { oldBaseImage, pythonOfMachine } from "../support/oldPython";
import { attemptPulumi, pulumi } from "../support/sandbox";
import { predict, SAMPLE } from "../support/scoring";
import { service } from "../support/services";
import { replaced, sandboxConfig, variant, type Values } from "../support/stackConfig";

// Answers with the version of its Python before the sum of each row.
const SCRIPT = `import sys

import numpy as np
from scoring_server.types import Array
from sklearn.linear_model import LinearRegression
from typing_extensions import Annotated


def init():
    global model
    model = LinearRegression(fit_intercept=False).fit(np.eye(10), np.ones(10))


def run(data: Annotated[np.ndarray, Array(shape=(None, 10))]):
    return [*sys.version_info[:2], *model.predict(data)]
`;

interface Old {
  readonly version: string;
  readonly dependencies: readonly string[];
}

const OLD: readonly Old[] = [
  { version: "3.8", dependencies: ["python=3.8", "numpy=1.21", "scikit-learn=1.0.2"] },
  { version: "3.9", dependencies: ["python<3.10", "numpy=1.26", "scikit-learn=1.5.2"] },
];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-old-"));
const SERVICES = "azureml-aks:services";
const nameOf = ({ version }: Old) => `old-python-${version.replace(".", "")}`;

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

/** The sample's service with the script above, in an environment of an old Python. */
function serviceOn(old: Old, baseImage: string): Values {
  const services = sandboxConfig()[SERVICES] as Record<string, Values>;
  const { autoscale, ...sample } = services["aks-service-1"] as Values;
  expect(autoscale).toBeDefined();
  const image = {
    ...(sample.image as Values),
    name: nameOf(old),
    entryScript: write("score.py", SCRIPT),
    condaFile: write(`${old.version}.yml`, JSON.stringify({ dependencies: old.dependencies })),
    baseImage,
  };
  return { ...sample, image, replicas: 1 };
}

function withServices(services: Readonly<Record<string, Values>>): readonly string[] {
  return variant((config) =>
    Object.entries(services).reduce(
      (changed, [name, values]) => replaced(changed, [SERVICES, name], values),
      config,
    ),
  );
}

it("refuses an old Python in the preview where the base image has another one", async () => {
  const [old] = OLD;
  if (old === undefined) throw new Error("there is no old Python to ask for");
  const faulty = serviceOn(old, "azureml-aks-sandbox/python:3.11");
  const args = withServices({ [nameOf(old)]: faulty });
  const { code, output } = await attemptPulumi(["preview", ...args]);
  expect(code).not.toBe(0);
  expect(output).toContain('asks for "python=3.8"; the base image has Python 3.11');
});

const canRun = OLD.every(({ version }) => pythonOfMachine(version) !== undefined);

(canRun ? it : it.skip)("scores in environments of Python 3.8 and 3.9", async () => {
  const services: Record<string, Values> = {};
  for (const old of OLD) {
    const python = pythonOfMachine(old.version);
    if (python === undefined) throw new Error(`this machine has no Python ${old.version}`);
    services[nameOf(old)] = serviceOn(old, await oldBaseImage(old.version, python));
  }
  await pulumi("up", "--yes", "--skip-preview", ...withServices(services));
  const sums = SAMPLE.data.map((row) => row.reduce((sum, value) => sum + value, 0));
  for (const old of OLD) {
    const [major, minor, ...predictions] = await predict(await service(nameOf(old)));
    expect(`${major}.${minor}`).toBe(old.version);
    expect(predictions).toHaveLength(sums.length);
    predictions.forEach((prediction, index) => expect(prediction).toBeCloseTo(sums[index] ?? NaN));
  }
  await pulumi("up", "--yes", "--skip-preview");
});
