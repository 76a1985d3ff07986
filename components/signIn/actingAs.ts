import * as pulumi from "@pulumi/pulumi";
import { isSecretSetting, toldSettings, type Identity } from "./identity";

/** The provider of blobs, images and rollouts, told who signs in. */
class Deployer extends pulumi.ProviderResource {
  constructor(settings: pulumi.Inputs) {
    super("dataplane", "deployer", settings);
  }
}

/**
 * Options with which a component and all that lies in it acts as an identity. Where nothing of it stands
 * in the stack's configuration, the provider finds it in the environment, as azure-native does.
 */
export function actingAs(identity: Identity): pulumi.ComponentResourceOptions {
  const told = Object.entries(toldSettings(identity));
  if (told.length === 0) return {};
  const settings = told.map(([key, value]) => [
    key,
    isSecretSetting(key) ? pulumi.secret(value) : value,
  ]);
  return { providers: { dataplane: new Deployer(Object.fromEntries(settings) as pulumi.Inputs) } };
}
