import "../stateFolder";
import { allPorts, port } from "../../../../sandbox/host/ports";

describe("ports", () => {
  it("are free, of their own, and the same at the next question", async () => {
    const [azure, etcd, again] = await Promise.all([port("azure"), port("etcd"), port("azure")]);
    expect(azure).toBe(again);
    expect(azure).not.toBe(etcd);
    expect(await port("etcd")).toBe(etcd);
    expect(allPorts()).toEqual({ azure, etcd });
  });
});
