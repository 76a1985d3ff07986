import { followRun } from "../../../../dataplane/imageBuild/followRun";
import type { RunState } from "../../../../dataplane/imageBuild/registryTasks";
import { RunLog } from "../../../../dataplane/imageBuild/runLog";

/** A blob with this text so far. */
function blobWith(text: () => string, metadata: () => Record<string, string> = () => ({})) {
  return {
    getProperties: () =>
      Promise.resolve({ contentLength: Buffer.byteLength(text()), metadata: metadata() }),
    downloadToBuffer: (offset: number, count: number) =>
      Promise.resolve(Buffer.from(text()).subarray(offset, offset + count)),
  };
}

type Blob = ConstructorParameters<typeof RunLog>[0];
const logOf = (...args: Parameters<typeof blobWith>) =>
  new RunLog(blobWith(...args) as unknown as Blob);

describe("the log of a run", () => {
  it("gives lines as they become whole, and the rest when it is complete", async () => {
    let text = "one\r\ntw";
    let metadata = {};
    const log = logOf(
      () => text,
      () => metadata,
    );
    expect(await log.read()).toEqual(["one"]);
    expect(await log.read()).toEqual([]);
    text += "o\n\nthr";
    expect(await log.read()).toEqual(["two"]);
    expect(log.isComplete).toBe(false);
    text += "ee";
    metadata = { Complete: "failed" };
    expect(await log.read()).toEqual(["three"]);
    expect(log.isComplete).toBe(true);
    expect(log.tail).toBe("one\ntwo\nthree");
  });

  it("keeps the last lines alone, and letters that come in two parts whole", async () => {
    const text = Array.from({ length: 40 }, (_, index) => `line ${index} ä\n`).join("");
    let bytes = Buffer.byteLength(text) - 2;
    const blob = {
      ...blobWith(() => text),
      getProperties: () => Promise.resolve({ contentLength: bytes, metadata: {} }),
    };
    const log = new RunLog(blob as unknown as Blob);
    await log.read();
    bytes += 2;
    expect(await log.read()).toEqual(["line 39 ä"]);
    expect(log.tail.split("\n")).toHaveLength(30);
  });

  it("is empty while there is none", async () => {
    const blob = {
      getProperties: () => Promise.reject(Object.assign(new Error("absent"), { statusCode: 404 })),
    };
    expect(await new RunLog(blob as unknown as Blob).read()).toEqual([]);
  });
});

describe("a run", () => {
  const lines: string[] = [];
  const log = { info: jest.fn(), status: (line: string) => lines.push(line) };

  beforeEach(() => lines.splice(0));

  function scheduled(states: RunState[], text = "Step 1\nno such package\n") {
    const cancel = jest.fn(() => Promise.resolve());
    const last: RunState = { status: "Running" };
    const state = () => Promise.resolve(states.shift() ?? last);
    const complete = () => ({ complete: "true" });
    return { id: "cb1", tasks: { state, cancel }, log: logOf(() => text, complete) };
  }

  it("is waited for, with its state and its log as the status of the resource", async () => {
    const run = { log, signal: new AbortController().signal };
    await followRun(scheduled([{ status: "Succeeded" }]), run);
    expect(lines).toEqual(["run cb1 of the registry: Succeeded", "Step 1", "no such package"]);
  });

  it("that does not succeed is an error with the reason and the end of the log", async () => {
    const run = { log, signal: new AbortController().signal };
    const failed = scheduled([{ status: "Failed", message: "exit status 1" }]);
    await expect(followRun(failed, run)).rejects.toThrow(
      "run cb1 of the registry ended as Failed\nexit status 1\nStep 1\nno such package",
    );
  });

  it("is cancelled when the user interrupts", async () => {
    const interruption = new AbortController();
    const running = scheduled([]);
    const following = followRun(running, { log, signal: interruption.signal });
    process.nextTick(() => interruption.abort());
    await expect(following).rejects.toThrow("interrupted: run cb1 of the registry was cancelled");
    expect(running.tasks.cancel).toHaveBeenCalledWith("cb1");
  });

  it("is not cancelled by an error on the way", async () => {
    const run = { log, signal: new AbortController().signal };
    const broken = scheduled([]);
    broken.tasks.state = () => Promise.reject(new Error("no route"));
    await expect(followRun(broken, run)).rejects.toThrow("no route");
    expect(broken.tasks.cancel).not.toHaveBeenCalled();
  });
});
