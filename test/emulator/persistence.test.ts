import * as fs from "node:fs";
import * as path from "node:path";
import { GROUP, TestEmulator } from "./support/emulator";
import { BODIES, CLUSTER, INSIGHTS, STORAGE } from "./support/resources";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await TestEmulator.start();
  await emulator.create(GROUP, BODIES.group);
}, 20_000);
afterAll(() => emulator.dispose());

/** What an operator reads in the state folder. */
function stateFile(id: string): string {
  return `${path.join(emulator.options.stateDir, "resources", id.toLowerCase())}.json`;
}

describe("the state of the emulator", () => {
  it("is one readable file a resource, in folders that follow the ids", async () => {
    await emulator.create(INSIGHTS, BODIES.insights);
    const { body } = await emulator.get(INSIGHTS);
    const stored = JSON.parse(fs.readFileSync(stateFile(INSIGHTS), "utf8")) as {
      entry: { body: object };
    };
    expect(stored.entry.body).toEqual(body);
  });

  it("is for its owner's eyes only", () => {
    expect(fs.statSync(stateFile(INSIGHTS)).mode & 0o077).toBe(0);
  });

  it("and the tokens outlive a kill", async () => {
    const before = (await emulator.get(INSIGHTS)).body;
    await emulator.stop("SIGKILL");
    await emulator.restart();
    expect((await emulator.get(INSIGHTS)).body).toEqual(before);
  });

  it("is read past a file that a kill left half written", async () => {
    await emulator.stop("SIGKILL");
    fs.writeFileSync(`${stateFile(INSIGHTS)}.new`, '{"id": "/subs');
    await emulator.restart();
    expect((await emulator.get(INSIGHTS)).status).toBe(200);
  });

  it("leaves no file behind for what is deleted", async () => {
    await emulator.remove(INSIGHTS);
    expect(fs.existsSync(stateFile(INSIGHTS))).toBe(false);
    expect(fs.existsSync(path.dirname(stateFile(INSIGHTS)))).toBe(false);
  });
});

describe("an operation that a kill interrupted", () => {
  it("is finished by the next emulator when it was a creation", async () => {
    const answer = await emulator.put(STORAGE, BODIES.storage);
    await emulator.stop("SIGKILL");
    await emulator.restart();
    expect(await emulator.finish(answer)).toBe("Succeeded");
    const { properties } = (await emulator.get(STORAGE)).body;
    expect(properties).toMatchObject({ provisioningState: "Succeeded" });
  }, 15_000);

  it("is finished by the next emulator when it was a deletion", async () => {
    const answer = await emulator.delete(GROUP);
    await emulator.stop("SIGKILL");
    await emulator.restart();
    expect(await emulator.finish(answer)).toBe("Succeeded");
    expect((await emulator.get(GROUP)).status).toBe(404);
  }, 15_000);
});

describe("one change after another", () => {
  it("is refused while a resource is still being made, and while it is being deleted", async () => {
    await emulator.create(GROUP, BODIES.group);
    const making = await emulator.put(CLUSTER, BODIES.cluster);
    expect((await emulator.put(CLUSTER, BODIES.cluster)).code).toBe("AnotherOperationInProgress");
    expect((await emulator.delete(CLUSTER)).code).toBe("AnotherOperationInProgress");
    await emulator.finish(making);
    const deleting = await emulator.delete(CLUSTER);
    expect((await emulator.put(CLUSTER, BODIES.cluster)).code).toBe("AnotherOperationInProgress");
    await emulator.finish(deleting);
    expect((await emulator.get(CLUSTER)).status).toBe(404);
  });

  it("waits in the deletion of a group for what is still being made in it", async () => {
    await emulator.put(STORAGE, BODIES.storage);
    expect(await emulator.remove(GROUP)).toBe("Succeeded");
    expect(fs.existsSync(stateFile(STORAGE))).toBe(false);
    expect(fs.existsSync(path.join(emulator.options.stateDir, "blobs/account1"))).toBe(false);
  });
});
