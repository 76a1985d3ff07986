import type { Log } from "../../dataplane/engineLog";

/** An engine's log for what says nothing that a test looks at. */
export const SILENT = { of: (): Log => ({ info: () => undefined, status: () => undefined }) };
