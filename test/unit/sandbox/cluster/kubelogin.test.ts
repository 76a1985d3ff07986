import "../stateFolder";
import { launcherText } from "../../../../sandbox/cluster/kubelogin";

describe("the launcher of kubelogin", () => {
  it("makes kubelogin ask the emulated Entra ID, whatever the kubeconfig says", () => {
    const text = launcherText("/cache/kubelogin", "https://127.0.0.1:1/");
    expect(text).toContain(`"$@" --authority-host 'https://127.0.0.1:1/'`);
    expect(text).toContain("--disable-instance-discovery");
  });

  it("tells kubelogin nothing of who signs in, as on a machine of a user", () => {
    const text = launcherText("/cache/kubelogin", "https://127.0.0.1:1/");
    expect(text).not.toMatch(/ARM_|AAD_|AZURE_/);
  });
});
