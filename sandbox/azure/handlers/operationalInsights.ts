import { randomUUID } from "node:crypto";
import { stringOf } from "../../json";
import { conflict } from "../arm/errors";
import type { PutRequest, ResourceHandler, Services } from "../arm/handler";
import { kept, resourceFrom, withDefaults } from "./resourceBody";

/** Microsoft.OperationalInsights */
export const logWorkspaces: ResourceHandler = {
  type: "Microsoft.OperationalInsights/workspaces",
  naming: {
    pattern: /^[A-Za-z0-9][-A-Za-z0-9]{2,61}[A-Za-z0-9]$/,
    rule: "4-63 letters, digits and hyphens; starts and ends with a letter or digit.",
  },
  build: (request, { deleted }) => {
    recoverDeleted(request, deleted);
    return resourceFrom(
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
    );
  },
  provision: () => Promise.resolve(),
  remove: (resource, { deleted }, query) => {
    if (query.get("force") !== "true") deleted.put(resource.body.id, resource);
    return Promise.resolve();
  },
};

/**
 * The name of a deleted workspace is kept: the same one in the same place recovers it, and no other
 * can have it.
 *
 * @see https://learn.microsoft.com/rest/api/loganalytics/workspaces/delete
 */
function recoverDeleted({ path, body }: PutRequest, deleted: Services["deleted"]): void {
  const twin = deleted.get(path.id);
  if (twin === undefined) return;
  const [before, now] = [twin.body.location, body.location].map((location) =>
    stringOf(location).toLowerCase().replaceAll(" ", ""),
  );
  if (before !== now) {
    throw conflict(
      "Conflict",
      `The workspace name '${path.name}' is kept for a deleted workspace in ${before}.`,
    );
  }
  deleted.delete(path.id);
}
