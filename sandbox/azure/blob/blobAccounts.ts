import * as fs from "node:fs";
import * as path from "node:path";
import {
  generateAccountSASQueryParameters,
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobServiceClient,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import type { ChildProcesses } from "../childProcesses";

/** A storage account's keys and the loopback port on which its Azurite listens. */
interface RunningAccount {
  readonly port: number;
  /** Query string with which the front speaks to Azurite. */
  readonly sas: string;
  readonly client: BlobServiceClient;
}

const AZURITE = path.join(
  path.dirname(require.resolve("azurite/package.json")),
  "dist/src/blob/main.js",
);
const LISTENING = /successfully listen\w* (?:at|on) http:\/\/127\.0\.0\.1:(\d+)/i;

/** One Azurite process for each storage account. Its keys never leave the emulator but by ARM. */
export class BlobAccounts {
  private readonly running = new Map<string, RunningAccount>();

  constructor(
    private readonly stateDir: string,
    private readonly children: ChildProcesses,
  ) {}

  get(account: string): RunningAccount | undefined {
    return this.running.get(account);
  }

  async start(account: string, keys: readonly string[]): Promise<void> {
    if (this.running.has(account)) return;
    const location = this.folderOf(account);
    fs.mkdirSync(location, { recursive: true, mode: 0o700 });
    const flags = ["--silent", "--skipApiVersionCheck", "--disableTelemetry"];
    const match = await this.children.start(
      {
        name: `azurite-${account}`,
        command: process.execPath,
        args: [
          AZURITE,
          "--blobHost",
          "127.0.0.1",
          "--blobPort",
          "0",
          "--location",
          location,
          ...flags,
        ],
        env: { AZURITE_ACCOUNTS: `${account}:${keys.join(":")}` },
        restart: () => {
          this.running.delete(account);
          return this.start(account, keys);
        },
      },
      LISTENING,
    );
    this.running.set(account, connect(account, keys[0] ?? "", Number(match[1])));
  }

  /** Stops an account's server and deletes its blobs. */
  async remove(account: string): Promise<void> {
    this.running.delete(account);
    await this.children.stop(`azurite-${account}`);
    fs.rmSync(this.folderOf(account), { recursive: true, force: true });
  }

  async createContainer(account: string, container: string): Promise<void> {
    await this.container(account, container).createIfNotExists();
  }

  async deleteContainer(account: string, container: string): Promise<void> {
    await this.container(account, container).deleteIfExists();
  }

  /** Whether a blob, or any blob under a folder, exists. */
  async exists(account: string, container: string, blobPath: string): Promise<boolean> {
    const client = this.container(account, container);
    if (!(await client.exists())) return false;
    const prefix = blobPath.replace(/\/+$/, "");
    for await (const blob of client.listBlobsFlat({ prefix })) {
      if (blob.name === prefix || blob.name.startsWith(`${prefix}/`)) return true;
    }
    return false;
  }

  private container(account: string, container: string) {
    const found = this.running.get(account);
    if (!found) throw new Error(`storage account ${account} is not running`);
    return found.client.getContainerClient(container);
  }

  private folderOf(account: string): string {
    return path.join(this.stateDir, "blobs", account);
  }
}

const TEN_YEARS_MS = 10 * 365 * 24 * 3600 * 1000;

function connect(account: string, key: string, port: number): RunningAccount {
  const credential = new StorageSharedKeyCredential(account, key);
  const sas = generateAccountSASQueryParameters(
    {
      services: AccountSASServices.parse("b").toString(),
      resourceTypes: AccountSASResourceTypes.parse("sco").toString(),
      permissions: AccountSASPermissions.parse("rwdlacuptfi"),
      expiresOn: new Date(Date.now() + TEN_YEARS_MS),
    },
    credential,
  ).toString();
  const client = new BlobServiceClient(`http://127.0.0.1:${port}/${account}`, credential);
  return { port, sas, client };
}
