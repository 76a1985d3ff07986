import * as net from "node:net";
import { endWithEngine, endWithoutEngine } from "../../../dataplane/engineWatch";

describe("the plugin of the data plane", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it("ends when its engine is gone, and not before", () => {
    let parent = 42;
    const end = jest.fn();
    const timer = endWithEngine(() => parent, end);
    jest.advanceTimersByTime(60_000);
    expect(end).not.toHaveBeenCalled();
    parent = 1;
    jest.advanceTimersByTime(2_000);
    expect(end).toHaveBeenCalled();
    clearInterval(timer);
  });
});

describe("the plugin of the data plane that starts late", () => {
  const port = (server: net.Server) => (server.address() as net.AddressInfo).port;

  it("ends when its engine is gone already, and not where it is there", async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const address = `127.0.0.1:${port(server)}`;
    const end = jest.fn();
    const there = endWithoutEngine(address, end);
    await new Promise((resolve) => there.once("close", resolve));
    expect(end).not.toHaveBeenCalled();
    await new Promise((resolve) => server.close(resolve));
    const gone = endWithoutEngine(address, end);
    await new Promise((resolve) => gone.once("close", resolve));
    expect(end).toHaveBeenCalledTimes(1);
  });
});
