import type { ResourceHandler } from "../arm/handler";
import { resourceFrom } from "./resourceBody";

/** Microsoft.Resources */
export const resourceGroups: ResourceHandler = {
  type: "Microsoft.Resources/resourceGroups",
  naming: {
    pattern: /^[-\w._()]{0,89}[-\w_()]$/,
    rule: "1-90 letters, digits, underscores, hyphens, periods, parentheses; no period at the end.",
  },
  build: (request) => resourceFrom(request, { provisioningState: "Succeeded" }),
  // Its resources are removed with it, so that the deletion is a long-running operation.
  remove: () => Promise.resolve(),
};
