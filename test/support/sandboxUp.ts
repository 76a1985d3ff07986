import { run } from "./sandbox";

/** Brings the sandbox up with the sample deployed as the sources are now. */
export default function setUp(): Promise<unknown> {
  return run("npm", ["run", "--silent", "sandbox"]);
}
