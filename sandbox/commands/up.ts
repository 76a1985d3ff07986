import { selectStack } from "../engine/recovery";
import { deploy, deployedServices } from "../engine/stack";
import { stateFolder } from "../host/layout";
import { progress } from "../host/progress";
import { SandboxError } from "../host/sandboxError";
import { scoreSample } from "./sample";
import { start } from "./start";

const NEXT = `
What to try next:
  . ${stateFolder}/env                          then plain
  pulumi preview | up | refresh | stack output | destroy
  npm run sandbox:status | sandbox:down`;

/** Starts every part, deploys the program, and shows its predictions for the sample request. */
export async function up(): Promise<void> {
  await start();
  await progress.step("stack", selectStack);
  await deploy();
  const services = Object.entries(await deployedServices());
  if (services.length === 0) throw new SandboxError("the program deployed no service");
  for (const [name, service] of services) {
    const answer = await progress.step(`sample request to ${name}`, () => scoreSample(service));
    console.log(`${name} ${service.scoringUri}\npredictions: ${answer}`);
  }
  console.log(NEXT);
}
