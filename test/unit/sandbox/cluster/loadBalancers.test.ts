import { loadBalancerAddresses } from "../../../../sandbox/cluster/addresses";
import { plan, type ServiceView } from "../../../../sandbox/cluster/loadBalancers";

const [first = "", second = ""] = loadBalancerAddresses();

function service(name: string, view: Partial<ServiceView> = {}): ServiceView {
  const base = { namespace: "n", type: "LoadBalancer", wanted: undefined, shown: undefined };
  return { ...base, name, ...view };
}

describe("load balancer addresses", () => {
  it("gives each service an address of its own", () => {
    const { bound, changes } = plan([service("a"), service("b")]);
    expect(changes.map(({ address }) => address)).toEqual([first, second]);
    expect(bound).toEqual([first, second]);
  });

  it("leaves a service its address whatever comes and goes beside it", () => {
    const { bound, changes } = plan([service("new"), service("old", { shown: first })]);
    expect(changes).toEqual([{ namespace: "n", name: "new", address: second }]);
    expect(bound).toContain(first);
  });

  it("takes the address from a service that is no load balancer any more", () => {
    const { bound, changes } = plan([service("a", { type: "ClusterIP", shown: first })]);
    expect(changes).toEqual([{ namespace: "n", name: "a", address: undefined }]);
    expect(bound).toEqual([]);
  });

  it("gives the second of two services with one address another", () => {
    const { changes } = plan([service("a", { shown: first }), service("b", { shown: first })]);
    expect(changes).toEqual([{ namespace: "n", name: "b", address: second }]);
  });

  it("replaces an address that is none of its own", () => {
    const { changes } = plan([service("a", { shown: "203.0.113.7" })]);
    expect(changes).toEqual([{ namespace: "n", name: "a", address: first }]);
  });

  it("gives a service the free address that it asks for", () => {
    expect(plan([service("a", { wanted: second })]).bound).toEqual([second]);
  });

  it("fails when every address is taken", () => {
    const all = loadBalancerAddresses().map((shown, index) => service(`s${index}`, { shown }));
    expect(() => plan([...all, service("one-too-many")])).toThrow("no address");
  });
});
