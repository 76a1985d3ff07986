import type { Resource, Store } from "./arm/store";
import type { FaultInjection } from "./faults/faultInjection";
import type { Directory } from "./identity/directory";
import type { TokenService } from "./identity/tokens";
import type { AzureSettings } from "./settings";

/** What every part of the emulator works with: who exists, what exists, and what was configured. */
export interface AzureContext {
  readonly settings: AzureSettings;
  /** Base URL of the emulator, without a trailing slash. */
  readonly baseUrl: string;
  readonly resources: Store<Resource>;
  /** Soft-deleted resources. */
  readonly deleted: Store<Resource>;
  readonly directory: Directory;
  readonly tokens: TokenService;
  /** What goes wrong today. */
  readonly faults: FaultInjection;
}
