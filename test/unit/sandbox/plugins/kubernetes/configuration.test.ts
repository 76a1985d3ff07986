import { Secret, UNKNOWN } from "../../../../../sandbox/plugins/protocol";
import {
  diffConfiguration,
  hideKubeconfig,
  parseConfiguration,
  refuseArguments,
} from "../../../../../sandbox/plugins/kubernetes/configuration";

function kubeconfig(server: string, token: string): string {
  return JSON.stringify({
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "k", namespace: "team" } }],
    clusters: [{ name: "k", cluster: { server } }],
    users: [{ name: "u", user: { token } }],
  });
}

describe("the provider", () => {
  const olds = { kubeconfig: kubeconfig("https://a", "1") };

  test("is updated by a new credential and replaced by another server", () => {
    const renewed = diffConfiguration(olds, { kubeconfig: kubeconfig("https://a", "2") });
    expect([renewed.changes.length, renewed.replaces.length]).toEqual([1, 0]);
    const moved = diffConfiguration(olds, { kubeconfig: kubeconfig("https://b", "1") });
    expect(moved.replaces).toHaveLength(1);
    expect(diffConfiguration(olds, { kubeconfig: UNKNOWN }).replaces).toHaveLength(1);
  });

  test("is replaced by another cluster identifier only, when it has one", () => {
    const known = { ...olds, clusterIdentifier: "a" };
    const moved = { kubeconfig: kubeconfig("https://b", "1"), clusterIdentifier: "a" };
    expect(diffConfiguration(known, moved).replaces).toEqual([]);
    expect(diffConfiguration(known, { ...moved, kubeconfig: UNKNOWN }).replaces).toEqual([]);
    expect(diffConfiguration(known, { ...known, clusterIdentifier: "b" }).replaces).toHaveLength(1);
  });

  test("takes its namespace from the kubeconfig's context unless it is given one", () => {
    expect(parseConfiguration(olds).namespace).toBe("team");
    expect(parseConfiguration({ ...olds, namespace: "own" }).namespace).toBe("own");
  });

  test("reads switches as the engine passes them", () => {
    expect(parseConfiguration({ ...olds, enableSecretMutable: "true" }).mutableSecrets).toBe(true);
    expect(parseConfiguration({ ...olds, deleteUnreachable: false }).deleteUnreachable).toBe(false);
  });

  test("needs no kubeconfig as long as it is unknown", () => {
    expect(parseConfiguration({ kubeconfig: new Secret(UNKNOWN) }).kubeconfig).toBeUndefined();
  });

  test("keeps its kubeconfig secret", () => {
    expect(hideKubeconfig({ kubeconfig: "k" })).toEqual({ kubeconfig: new Secret("k") });
  });

  test("refuses arguments that this stand-in does not offer", () => {
    expect(refuseArguments({ renderYamlToDirectory: "x" })).toContain("renderYamlToDirectory");
    expect(refuseArguments({ context: "x" })).toContain("context");
    expect(() => parseConfiguration({ kubeconfig: "~/.kube/config" })).toThrow("not the path");
    expect(refuseArguments({ enableServerSideApply: "false" })).toContain("server-side apply");
    expect(refuseArguments({ ...olds, version: "4.34.2" })).toBeUndefined();
  });
});
