import * as path from "node:path";
import { BAD_DAY, GOOD_DAY, writeFaultPlan } from "../../sandbox/azure/faults/faultPlan";
import { armResources } from "../support/azure";
import { pulumi, ROOT } from "../support/sandbox";
import { predict } from "../support/scoring";
import { service } from "../support/services";

const STATE = path.join(ROOT, ".sandbox/azure");

/** Runs Pulumi while Azure refuses, fails and cuts off requests, and lets tokens end early. */
async function pulumiOnABadDay(...args: readonly string[]): Promise<string> {
  writeFaultPlan(STATE, BAD_DAY);
  try {
    return await pulumi(...args, "--yes", "--skip-preview");
  } finally {
    writeFaultPlan(STATE, GOOD_DAY);
  }
}

/** What there is, by provider and type. */
async function kinds(): Promise<readonly string[]> {
  return (await armResources()).map((id) => id.split("/").slice(-3, -1).join("/")).sort();
}

let before: readonly string[] = [];

it("destroys everything on a bad day", async () => {
  before = await kinds();
  await pulumiOnABadDay("destroy");
  expect(await armResources()).toEqual([]);
});

it("deploys on a bad day, and makes nothing twice", async () => {
  await pulumiOnABadDay("up");
  await predict(await service());
  expect(before).toContain("Microsoft.ContainerService/managedClusters");
  expect(await kinds()).toEqual(before);
});

it("finds nothing to change afterwards, on a bad day too", async () => {
  for (const verb of ["refresh", "up"]) {
    expect(await pulumiOnABadDay(verb, "--expect-no-changes")).toMatch(/\d+ unchanged/);
  }
});
