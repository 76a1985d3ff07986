import * as pulumi from "@pulumi/pulumi";

/** Region that azure-native is configured for, as Azure writes it: "West Europe" is "westeurope". */
export function configuredLocation(): string | undefined {
  const location = new pulumi.Config("azure-native").get("location");
  return location?.toLowerCase().replaceAll(" ", "");
}
