import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";

/**
 * Serves the files of a folder to whoever signs in, with a list of links for a folder: an index for
 * pip, a channel for conda and a repository for git, all of them private.
 */
export class PackageServer {
  private readonly server: http.Server;
  private answered = 0;

  /** @param credentials `NAME:PASSWORD`, as basic authentication sends it. */
  constructor(
    private readonly folder: string,
    private readonly credentials: string,
  ) {
    this.server = http.createServer((request, response) => this.answer(request, response));
  }

  /** Listens on an address of this machine and tells `http://ADDRESS:PORT`. */
  async listen(address: string): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject).listen(0, address, resolve);
    });
    return `http://${address}:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many requests there were. */
  get requests(): number {
    return this.answered;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer({ headers, url = "/" }: http.IncomingMessage, response: http.ServerResponse) {
    this.answered++;
    const wanted = `Basic ${Buffer.from(this.credentials).toString("base64")}`;
    if (headers.authorization !== wanted) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="packages"' }).end();
      return;
    }
    const { pathname } = new URL(url, "http://host");
    const file = path.join(this.folder, decodeURIComponent(pathname));
    if (!fs.existsSync(file)) response.writeHead(404).end();
    else if (fs.statSync(file).isFile()) fs.createReadStream(file).pipe(response);
    else response.writeHead(200, { "content-type": "text/html" }).end(links(file));
  }
}

function links(folder: string): string {
  return fs
    .readdirSync(folder)
    .map((name) => `<a href="${name}">${name}</a>`)
    .join("\n");
}
