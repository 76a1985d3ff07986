import "../stateFolder";
import { reachableNameServers } from "../../../../sandbox/cluster/node";

describe("name servers for pods", () => {
  it("leaves out those on loopback, which pods cannot reach", () => {
    const text = "nameserver 127.0.0.53\nnameserver 10.0.0.2\noptions edns0\nnameserver ::1\n";
    expect(reachableNameServers(text)).toEqual(["10.0.0.2"]);
  });
});
