import * as path from "node:path";
import bringUp from "./sandboxUp";

/** What jest was asked to run, as its global configuration has it. */
interface Selection {
  /** Regular expression for paths of test files; empty when all are run. */
  readonly testPathPattern: string;
  readonly testNamePattern?: string;
}

/** The file whose tests start with nothing and bring everything up. */
const FIRST = path.resolve(__dirname, "../e2e/01-first-run.test.ts");

/** Whether a run leaves out the tests that bring the sandbox up, on which all the others build. */
function startsInTheMiddle({ testPathPattern, testNamePattern }: Selection): boolean {
  if (testNamePattern) return true;
  return !new RegExp(testPathPattern, "i").test(FIRST);
}

/**
 * Brings the sandbox up with the sample deployed as the sources are now, once for all chosen files, so
 * that each end-to-end file can be run alone. It takes seconds where that is so already, and nothing
 * when the whole life cycle runs.
 *
 * @throws Error with the end of the output when the sandbox does not come up.
 */
export async function deploySample(
  selection: Selection,
  bringUp: () => Promise<unknown>,
): Promise<void> {
  if (startsInTheMiddle(selection)) await bringUp();
}

/** What jest calls before the end-to-end tests; its second argument is of no use here. */
export default function setUp(selection: Selection): Promise<void> {
  return deploySample(selection, bringUp);
}
