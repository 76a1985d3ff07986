import { randomUUID } from "node:crypto";
import { stringOf, type JsonObject } from "../../json";
import { badRequest } from "../arm/errors";
import type { PutRequest, ResourceHandler, Services } from "../arm/handler";
import { kept, resourceFrom, withDefaults } from "./resourceBody";

/** Microsoft.Insights */
export const components: ResourceHandler = {
  type: "Microsoft.Insights/components",
  naming: {
    pattern: /^[^%&\\?/\s]{1,259}[^%&\\?/.\s]$|^[^%&\\?/.\s]$/,
    rule: "1-260 characters without %&\\?/ and spaces; no period at the end.",
  },
  build: (request, services) => {
    checkWorkspace(request, services);
    const location = stringOf(request.body.location);
    const appId = kept(request.existing, "AppId", randomUUID);
    const instrumentationKey = kept(request.existing, "InstrumentationKey", randomUUID);
    const now = () => new Date().toISOString();
    const defaults: JsonObject = {
      IngestionMode: request.properties.WorkspaceResourceId
        ? "LogAnalytics"
        : "ApplicationInsights",
      RetentionInDays: 90,
      publicNetworkAccessForIngestion: "Enabled",
      publicNetworkAccessForQuery: "Enabled",
      DisableIpMasking: false,
    };
    return resourceFrom(request, {
      ...withDefaults(request.properties, defaults),
      AppId: appId,
      ApplicationId: request.path.name,
      Name: request.path.name,
      TenantId: services.settings.tenantId,
      InstrumentationKey: instrumentationKey,
      CreationDate: kept(request.existing, "CreationDate", now),
      ConnectionString:
        `InstrumentationKey=${stringOf(instrumentationKey)};` +
        `IngestionEndpoint=https://${location}.in.applicationinsights.azure.com/;` +
        `ApplicationId=${stringOf(appId)}`,
      provisioningState: "Succeeded",
    });
  },
};

function checkWorkspace({ properties }: PutRequest, { resources }: Services): void {
  const id = properties.WorkspaceResourceId;
  if (typeof id === "string" && !resources.get(id)) {
    throw badRequest("InvalidWorkspace", `The Log Analytics workspace '${id}' does not exist.`);
  }
}
