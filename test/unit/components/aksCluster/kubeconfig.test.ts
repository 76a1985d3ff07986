import { load } from "js-yaml";
import { withLoginMethod } from "../../../../components/aksCluster/kubeconfig";

/** What AKS hands out for a cluster with Entra sign-in. */
const ENTRA = `
apiVersion: v1
kind: Config
clusters:
- name: aml-aks-1
  cluster:
    certificate-authority-data: Q0E=
    server: https://aml-aks-1.example:443
contexts:
- name: aml-aks-1
  context: { cluster: aml-aks-1, user: clusterUser }
current-context: aml-aks-1
users:
- name: clusterUser
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: kubelogin
      args: [get-token, --environment, AzurePublicCloud, --server-id, 6dae42f8, --login, devicecode]
      env: null
      provideClusterInfo: false
`;

function argsOf(kubeconfig: string): readonly string[] {
  const { users } = load(kubeconfig) as { users: { user: { exec: { args: string[] } } }[] };
  return users[0]?.user.exec.args ?? [];
}

describe("a kubeconfig of AKS", () => {
  it("asks for the configured sign-in instead of a device code, and keeps its other arguments", () => {
    expect(argsOf(withLoginMethod(ENTRA, "spn"))).toEqual([
      "get-token",
      "--environment",
      "AzurePublicCloud",
      "--server-id",
      "6dae42f8",
      "--login",
      "spn",
    ]);
  });

  it("gives up a device code also where the flag is written short", () => {
    const exec = { args: ["get-token", "-l", "devicecode", "--server-id", "x"] };
    const short = JSON.stringify({ users: [{ user: { exec } }] });
    expect(argsOf(withLoginMethod(short, "msi"))).toEqual([
      "get-token",
      "--server-id",
      "x",
      "--login",
      "msi",
    ]);
  });

  it("keeps everything else as it is", () => {
    const { users: before, ...rest } = load(ENTRA) as Record<string, unknown>;
    const { users: after, ...kept } = load(withLoginMethod(ENTRA, "azurecli")) as typeof rest;
    expect(kept).toEqual(rest);
    expect(after).toMatchObject([
      { name: "clusterUser", user: { exec: { command: "kubelogin" } } },
    ]);
    expect(after).not.toEqual(before);
  });

  it("stays as it is where it holds certificates, as with local accounts", () => {
    const local = { users: [{ name: "admin", user: { "client-certificate-data": "Q0E=" } }] };
    expect(load(withLoginMethod(JSON.stringify(local), "azurecli"))).toEqual(local);
  });

  it("comes out the same from equal input, so that nothing shows as changed", () => {
    const once = withLoginMethod(ENTRA, "azurecli");
    expect(withLoginMethod(ENTRA, "azurecli")).toBe(once);
    expect(withLoginMethod(once, "azurecli")).toBe(once);
  });

  it.each([["plain text"], ["[]"], ["{}"], ["users: none"], [""]])(
    "is refused when it is none: %j",
    (text) => {
      expect(() => withLoginMethod(text, "azurecli")).toThrow(
        "the cluster's credentials are not a kubeconfig: they list no users",
      );
    },
  );
});
