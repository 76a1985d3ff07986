import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import * as path from "node:path";
import type { ServiceError } from "@grpc/grpc-js";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { PropertyMap } from "../../../sandbox/plugins/protocol";
import { fromStruct, toStruct } from "../../../sandbox/plugins/protocol/wire";
import type { TestEmulator } from "./emulator";
import { PRINCIPALS, SUBSCRIPTION, TENANT } from "./emulator";

const LAUNCHER = path.resolve(
  __dirname,
  "../../../sandbox/plugins/azure-native/pulumi-resource-azure-native",
);

type Done<Response> = (error: ServiceError | null, response: Response) => void;

export interface Checked {
  readonly inputs: PropertyMap;
  readonly failures: string[];
}

/** The plugin as the engine meets it: a process that speaks the provider protocol. */
export class TestPlugin {
  private constructor(
    private readonly process: ChildProcess,
    private readonly client: ResourceProviderClient,
  ) {}

  static async start(emulator: TestEmulator, config: PropertyMap = {}): Promise<TestPlugin> {
    const env = {
      ...process.env,
      ARM_METADATA_HOSTNAME: new URL(emulator.baseUrl).host,
      ARM_TENANT_ID: TENANT,
      ARM_SUBSCRIPTION_ID: SUBSCRIPTION.split("/").pop(),
      ARM_CLIENT_ID: PRINCIPALS.owner,
      ARM_CLIENT_SECRET: "owner-secret",
      NODE_EXTRA_CA_CERTS: emulator.options.tls.ca,
      SANDBOX_DIR: emulator.folder,
    };
    const child = spawn(LAUNCHER, [], { env, stdio: ["ignore", "pipe", "inherit"] });
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
      child.once("exit", (code) => reject(new Error(`the plugin ended with ${code}`)));
    });
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const plugin = new TestPlugin(child, client);
    const request = new pb.ConfigureRequest().setArgs(toStruct(config));
    await call((done) => client.configure(request, done));
    return plugin;
  }

  async stop(): Promise<void> {
    this.client.close();
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    await ended;
  }

  async check(urn: string, news: PropertyMap, olds: PropertyMap = {}): Promise<Checked> {
    const seed = Uint8Array.from({ length: 32 }, (_, index) => index);
    const request = new pb.CheckRequest().setUrn(urn).setNews(toStruct(news));
    request.setOlds(toStruct(olds)).setRandomseed(seed);
    const response = await call<pb.CheckResponse>((done) => this.client.check(request, done));
    const failures = response.getFailuresList().map((one) => one.getProperty());
    return { inputs: fromStruct(response.getInputs()), failures };
  }

  async diff(urn: string, id: string, oldInputs: PropertyMap, news: PropertyMap) {
    const request = new pb.DiffRequest().setUrn(urn).setId(id).setNews(toStruct(news));
    request.setOldInputs(toStruct(oldInputs));
    const response = await call<pb.DiffResponse>((done) => this.client.diff(request, done));
    return {
      changed: response.getDiffsList(),
      replaces: response.getReplacesList(),
      deletesFirst: response.getDeletebeforereplace(),
    };
  }

  async create(urn: string, inputs: PropertyMap, preview = false) {
    const request = new pb.CreateRequest().setUrn(urn).setProperties(toStruct(inputs));
    const response = await call<pb.CreateResponse>((done) =>
      this.client.create(request.setPreview(preview), done),
    );
    return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
  }

  async read(urn: string, id: string, inputs: PropertyMap, outputs: PropertyMap) {
    const request = new pb.ReadRequest().setUrn(urn).setId(id).setInputs(toStruct(inputs));
    request.setProperties(toStruct(outputs));
    const response = await call<pb.ReadResponse>((done) => this.client.read(request, done));
    return {
      id: response.getId(),
      inputs: fromStruct(response.getInputs()),
      outputs: fromStruct(response.getProperties()),
    };
  }

  async update(urn: string, id: string, olds: PropertyMap, news: PropertyMap) {
    const request = new pb.UpdateRequest().setUrn(urn).setId(id).setNews(toStruct(news));
    request.setOldInputs(toStruct(olds)).setOlds(toStruct(olds));
    const response = await call<pb.UpdateResponse>((done) => this.client.update(request, done));
    return fromStruct(response.getProperties());
  }

  async delete(urn: string, id: string): Promise<void> {
    const request = new pb.DeleteRequest().setUrn(urn).setId(id);
    await call((done) => this.client.delete(request, done));
  }

  async invoke(token: string, args: PropertyMap): Promise<PropertyMap> {
    const request = new pb.InvokeRequest().setTok(token).setArgs(toStruct(args));
    const response = await call<pb.InvokeResponse>((done) => this.client.invoke(request, done));
    return fromStruct(response.getReturn());
  }
}

function call<Response>(send: (done: Done<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => (error ? reject(error) : resolve(response)));
  });
}

/** URN of a resource by its type token without the package, such as `storage:StorageAccount`. */
export const urnOf = (type: string, name = "name"): string =>
  `urn:pulumi:dev::test::azure-native:${type}::${name}`;
