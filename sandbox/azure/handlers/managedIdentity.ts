import { randomUUID } from "node:crypto";
import type { ResourceHandler } from "../arm/handler";
import { kept, resourceFrom } from "./resourceBody";

/** Microsoft.ManagedIdentity */
export const userAssignedIdentities: ResourceHandler = {
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  naming: {
    pattern: /^[A-Za-z0-9][-\w]{2,127}$/,
    rule: "3-128 letters, digits, hyphens, underscores; starts with a letter or digit.",
  },
  build: (request, { settings }) =>
    resourceFrom(request, {
      tenantId: settings.tenantId,
      principalId: kept(request.existing, "principalId", randomUUID),
      clientId: kept(request.existing, "clientId", randomUUID),
    }),
};
