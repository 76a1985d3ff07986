import { knownSettings, type AzureSettings } from "../azure/settings";
import { adminKubeconfig } from "../cluster/paths";
import { knownDocker, ownHost } from "../docker/dockerEngine";
import { ownKubeconfig } from "../host/ownKubeconfig";
import { caBundle, inState, stateFolder, writeWhole } from "../host/layout";
import { quoted, sandboxPath } from "../host/programs";

/** What the engine needs, whatever it is to do. */
export function pulumiEnvironment(): Record<string, string> {
  return {
    PULUMI_HOME: inState("pulumi-home"),
    PULUMI_BACKEND_URL: `file://${inState("pulumi")}`,
    PULUMI_CONFIG_PASSPHRASE: "sandbox",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PATH: sandboxPath(),
  };
}

/** Everything that makes plain `pulumi`, `docker` and Azure clients work on the sandbox. */
export function sandboxEnvironment(): Record<string, string> {
  return {
    ...pulumiEnvironment(),
    SANDBOX_DIR: stateFolder,
    DOCKER_HOST: knownDocker()?.host ?? ownHost(),
    NODE_EXTRA_CA_CERTS: caBundle,
    SSL_CERT_FILE: caBundle,
    REQUESTS_CA_BUNDLE: caBundle,
    KUBECONFIG: ownKubeconfig() ?? adminKubeconfig,
    ...azureEnvironment(knownSettings()),
  };
}

/** Writes the file that a user's shell sources. It holds a secret, so only its owner may read it. */
export function writeEnvironment(): void {
  const variables = Object.entries(sandboxEnvironment()).filter(([name]) => name !== "PATH");
  const bin = quoted(inState("bin"));
  const lines = [
    "# Makes pulumi, docker and Azure clients work on the sandbox: `. .sandbox/env`.",
    ...variables.map(([name, value]) => `export ${name}=${quoted(value)}`),
    // The folder holds the sandbox's own programs, and the Node.js that runs them.
    `case "$PATH" in ${bin}:*) ;; *) export PATH=${bin}:"$PATH" ;; esac`,
  ];
  writeWhole(inState("env"), `${lines.join("\n")}\n`, 0o600);
}

function azureEnvironment(settings: AzureSettings | undefined): Record<string, string> {
  const deployer = settings?.principals.find(({ name }) => name === "deployer");
  if (settings === undefined || deployer === undefined) return {};
  return {
    ARM_METADATA_HOSTNAME: `127.0.0.1:${settings.port}`,
    ARM_DISABLE_INSTANCE_DISCOVERY: "true",
    ARM_TENANT_ID: settings.tenantId,
    ARM_SUBSCRIPTION_ID: settings.subscriptionId,
    ARM_CLIENT_ID: deployer.clientId,
    ARM_CLIENT_SECRET: deployer.clientSecret,
    AZURE_AUTHORITY_HOST: `https://127.0.0.1:${settings.port}`,
  };
}
