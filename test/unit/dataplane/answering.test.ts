import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";
import { untilAnswering } from "../../../dataplane/answering";

const QUICK = { silentMs: 0, heardMs: 0 };
const PATIENT = { silentMs: 0, heardMs: 20_000 };

let servers: net.Server[] = [];

/** A server on loopback, and the way to it. */
async function routeTo(server: net.Server) {
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as net.AddressInfo;
  return { host: "127.0.0.1", port, path: "/v2/health/ready" };
}

/** A service that answers with each of the statuses in turn, and with the last one from then on. */
function answering(statuses: readonly number[], seen: (string | undefined)[] = []): http.Server {
  let at = 0;
  return http.createServer(({ url, socket }, response) => {
    seen.push(`${url} from ${socket.remotePort}`);
    response.writeHead(statuses[Math.min(at++, statuses.length - 1)] ?? 500).end();
  });
}

function noting() {
  const said: string[] = [];
  const note = (message: string) => void said.push(message);
  const signal = new AbortController().signal;
  return { said, run: { log: { info: note, status: note }, signal, isHeld: () => false } };
}

afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

describe("the wait for an answer at the address of a service", () => {
  it("ends when it is ready three times in a row, by connections of their own", async () => {
    const seen: string[] = [];
    const { said, run } = noting();
    await untilAnswering(await routeTo(answering([200], seen)), run, QUICK);
    expect(said).toEqual([]);
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(3);
  });

  it("goes on while it is not ready, and begins anew where one answer in between is not", async () => {
    const seen: string[] = [];
    const { said, run } = noting();
    const route = await routeTo(answering([503, 200, 200, 503, 200], seen));
    await untilAnswering(route, run, PATIENT);
    expect(seen).toHaveLength(7);
    expect(new Set(said)).toEqual(new Set([`waiting until 127.0.0.1:${route.port} answers`]));
  });

  it("goes on while connections are refused, as they are before nodes know the pods", async () => {
    const { said, run } = noting();
    const route = await routeTo(net.createServer());
    const [closed] = servers.splice(0);
    closed?.close();
    const late = new Promise((resolve) => setTimeout(resolve, 100)).then(() => {
      const service = answering([200]);
      servers.push(service);
      service.listen(route.port, route.host);
    });
    await untilAnswering(route, run, PATIENT);
    await late;
    expect(said).toContain(`waiting until 127.0.0.1:${route.port} answers`);
    expect(said.join()).not.toContain("may");
  });

  it("says so, and fails nothing, where another than the service answers", async () => {
    const { said, run } = noting();
    await untilAnswering(await routeTo(answering([404])), run, QUICK);
    expect(said).toEqual([
      expect.stringMatching(/:\d+ is not ready for requests of this machine/) as unknown,
    ]);
  });

  it("says so, and fails nothing, where nothing answers", async () => {
    const { said, run } = noting();
    const mute = net.createServer(() => undefined);
    await untilAnswering(await routeTo(mute), run, QUICK);
    expect(said).toEqual([
      expect.stringMatching(
        /:\d+ does not answer to this machine, which may be outside/,
      ) as unknown,
    ]);
  });

  it("ends when the user interrupts it", async () => {
    const { said, run } = noting();
    const route = await routeTo(answering([503]));
    await untilAnswering(route, { ...run, signal: AbortSignal.abort() }, PATIENT);
    expect(said).toEqual([]);
  });
});
