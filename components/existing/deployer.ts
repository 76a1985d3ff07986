import type { Identity } from "../signIn/identity";

/** Identity that runs Pulumi. */
export interface Deployer {
  /** Its object id in Entra. */
  readonly objectId: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** How it signs in. */
  readonly identity: Identity;
}
