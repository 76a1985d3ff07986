import { attemptPulumi, pulumi } from "../support/sandbox";
import { replaced, variant, type Values } from "../support/stackConfig";
import { stopCluster, startCluster } from "../support/azure";

/** What a machine looks like on which no Docker engine runs, whosever engine is there now. */
const WITHOUT_DOCKER = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };

it("previews with the cluster stopped", async () => {
  await stopCluster();
  try {
    await pulumi("preview", "--expect-no-changes");
  } finally {
    await startCluster();
  }
});

it("names every fault of a configuration at once, and creates nothing", async () => {
  const wrong = (config: Values) => {
    const service = ["azureml-aks:services", "aks-service-1"];
    const faulty = replaced(config, [...service, "image", "entryScript"], "scoring/missing.py");
    const more = replaced(faulty, [...service, "replicas"], 0);
    return replaced(more, ["azureml-aks:cluster", "kubernetesVersion"], "1.11.3");
  };
  const { code, output } = await attemptPulumi(["preview", ...variant(wrong)]);
  expect(code).not.toBe(0);
  expect(output).toContain("azureml-aks:cluster.kubernetesVersion");
  expect(output).toContain('"1.11.3"');
  expect(output).toContain("azureml-aks:services.aks-service-1.image.entryScript");
  expect(output).toContain("azureml-aks:services.aks-service-1.replicas");
  expect(output).toContain("nothing was created or changed");
});

it("refuses in the preview what the region does not offer", async () => {
  const wrong = (config: Values) =>
    replaced(config, ["azureml-aks:cluster", "nodes"], { vmSize: "Standard_D4s_v99" });
  const { code, output } = await attemptPulumi(["preview", ...variant(wrong)]);
  expect(code).not.toBe(0);
  expect(output).toMatch(
    /azureml-aks:cluster\.nodes\.vmSize: Standard_D4s_v99 is not offered to your subscription in westeurope/,
  );
});

it("says in the preview that Docker does not run, where it builds the images", async () => {
  const { code, output } = await attemptPulumi(["preview"], { env: WITHOUT_DOCKER });
  expect(code).not.toBe(0);
  expect(output).toContain("failed to connect to any docker daemon");
});
