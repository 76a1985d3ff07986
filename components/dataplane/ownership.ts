import * as pulumi from "@pulumi/pulumi";
import { TYPES } from "../../dataplane/contract";

/** Arguments of `Ownership`. */
export interface OwnershipArgs {
  /** Key of the configuration, without prefix, that says whether it is made or used. */
  readonly key: string;
  /** ARM id of the workspace or cluster. */
  readonly resourceId: pulumi.Input<string>;
  /** What the stack has made for it; none where it only uses what exists. */
  readonly members: readonly pulumi.Resource[];
}

/**
 * Notes in the state whether the stack has made a workspace or cluster. The preview of a stack
 * that is to use its own as an existing one is refused, since the engine would delete it.
 */
export class Ownership extends pulumi.CustomResource {
  /** @param name of the component whose note it is. */
  constructor(
    name: string,
    { members, ...args }: OwnershipArgs,
    opts: pulumi.CustomResourceOptions,
  ) {
    const urns = members.length > 0 && { members: members.map(({ urn }) => urn) };
    super(TYPES.ownership, `${name}-ownership`, { ...args, ...urns }, opts);
  }
}
