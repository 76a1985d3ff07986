import { randomUUID } from "node:crypto";
import type { ResourceHandler } from "../arm/handler";
import { kept, resourceFrom, withDefaults } from "./resourceBody";

/** Microsoft.OperationalInsights */
export const logWorkspaces: ResourceHandler = {
  type: "Microsoft.OperationalInsights/workspaces",
  naming: {
    pattern: /^[A-Za-z0-9][-A-Za-z0-9]{2,61}[A-Za-z0-9]$/,
    rule: "4-63 letters, digits and hyphens; starts and ends with a letter or digit.",
  },
  build: (request) =>
    resourceFrom(
      request,
      withDefaults(request.properties, {
        sku: { name: "PerGB2018" },
        retentionInDays: 30,
        publicNetworkAccessForIngestion: "Enabled",
        publicNetworkAccessForQuery: "Enabled",
        features: { enableLogAccessUsingOnlyResourcePermissions: true },
        customerId: kept(request.existing, "customerId", randomUUID),
        createdDate: kept(request.existing, "createdDate", () => new Date().toISOString()),
      }),
    ),
  provision: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};
