import { spawn, type ChildProcess } from "node:child_process";
import * as net from "node:net";
import * as path from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Secret, type PropertyMap } from "../../sandbox/plugins/protocol";
import { fromStruct, toStruct } from "../../sandbox/plugins/protocol/wire";
import { asObject, stringOf } from "../../sandbox/json";
import { GROUP, PRINCIPALS, SUBSCRIPTION, TENANT, TestEmulator } from "./support/emulator";
import { TestPlugin } from "./support/plugin";
import { BODIES, REGISTRY } from "./support/resources";

const PLUGIN = path.resolve(__dirname, "../../dataplane/pulumi-resource-dataplane");
const CLIENT_CONFIG = "azure-native:authorization:getClientConfig";

let emulator: TestEmulator;
let loginServer: string;

beforeAll(async () => {
  emulator = await TestEmulator.start();
  await emulator.create(GROUP, BODIES.group);
  const { properties } = await emulator.create(REGISTRY, BODIES.registry);
  loginServer = stringOf(asObject(properties)?.loginServer);
}, 20_000);
afterAll(() => emulator.dispose());

function answered<Response>(
  send: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => (error ? reject(error) : resolve(response)));
  });
}

describe("the data plane's provider", () => {
  const engine = net.createServer();
  const running: ChildProcess[] = [];

  beforeAll(() => new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve)));
  afterAll(() => {
    for (const one of running) one.kill("SIGKILL");
    engine.close();
  });

  /** Asks for a password of the registry, as the engine does for the program. */
  async function password(config: PropertyMap, env: Readonly<Record<string, string>> = {}) {
    const { port } = engine.address() as net.AddressInfo;
    const { PATH, HOME } = process.env;
    const own = { AZURE_AUTHORITY_HOST: emulator.baseUrl, ARM_DISABLE_INSTANCE_DISCOVERY: "true" };
    const trusted = { NODE_EXTRA_CA_CERTS: emulator.options.tls.ca };
    const child = spawn(process.execPath, [PLUGIN, `127.0.0.1:${port}`], {
      env: { PATH, HOME, ...own, ...trusted, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    running.push(child);
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
      child.once("exit", (code) => reject(new Error(`the plugin ended with ${code}`)));
    });
    const client = new ResourceProviderClient(`127.0.0.1:${address}`, credentials.createInsecure());
    const configuration = new pb.ConfigureRequest().setArgs(toStruct(config));
    await answered<pb.ConfigureResponse>((done) => client.configure(configuration, done));
    const request = new pb.InvokeRequest()
      .setTok("dataplane:index:registryCredentials")
      .setArgs(toStruct({ loginServer, tenantId: TENANT }));
    try {
      const answer = await answered<pb.InvokeResponse>((done) => client.invoke(request, done));
      const { password: found } = fromStruct(answer.getReturn());
      return typeof found === "string" ? found : "";
    } finally {
      client.close();
      child.kill("SIGTERM");
    }
  }

  it("signs in as its configuration says, with nothing in the environment", async () => {
    const clientSecret = new Secret("owner-secret");
    const config = { clientId: PRINCIPALS.owner, clientSecret, tenantId: TENANT };
    expect(await password(config)).toMatch(/^eyJ/);
  });

  it("signs in as the environment says where it has no configuration", async () => {
    const env = { ARM_CLIENT_ID: PRINCIPALS.owner, ARM_CLIENT_SECRET: "owner-secret" };
    expect(await password({}, { ...env, ARM_TENANT_ID: TENANT })).toMatch(/^eyJ/);
  });

  it("takes its configuration before the environment, setting by setting", async () => {
    const env = { ARM_CLIENT_ID: PRINCIPALS.owner, ARM_CLIENT_SECRET: "an old one" };
    const config = { clientSecret: new Secret("owner-secret") };
    expect(await password(config, { ...env, ARM_TENANT_ID: TENANT })).toMatch(/^eyJ/);
  });
});

describe("the stand-in for azure-native", () => {
  it("tells a wrong secret in the words of the real one", async () => {
    const plugin = await TestPlugin.start(emulator, { clientSecret: "wrong" });
    const failure = plugin.invoke(CLIENT_CONFIG, {});
    await expect(failure).rejects.toThrow(
      /getting client config: could not acquire access token to parse claims: ClientSecretCredential authentication failed\. \nPOST [^]*RESPONSE 401: 401 Unauthorized[^]*AADSTS7000215/,
    );
    await plugin.stop();
  });

  it("signs in as its configuration says before the environment", async () => {
    const config = { clientId: PRINCIPALS.reader, clientSecret: "reader-secret" };
    const plugin = await TestPlugin.start(emulator, config);
    expect(await plugin.invoke(CLIENT_CONFIG, {})).toMatchObject({
      objectId: PRINCIPALS.reader,
      subscriptionId: SUBSCRIPTION.split("/").pop(),
    });
    await plugin.stop();
  });
});
