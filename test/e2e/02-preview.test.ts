import { attempt, pulumi, run } from "../support/sandbox";
import { replaced, variant, type Values } from "../support/stackConfig";
import { stopCluster, startCluster } from "../support/azure";

/** What a machine looks like on which no Docker engine runs, whosever engine is there now. */
const WITHOUT_DOCKER = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };

it("previews without Docker and with the cluster stopped", async () => {
  await stopCluster();
  try {
    const args = ["preview", "--expect-no-changes", "--non-interactive"];
    await run("pulumi", args, { env: WITHOUT_DOCKER });
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
  const args = ["preview", "--non-interactive", ...variant(wrong)];
  const { code, output } = await attempt("pulumi", args);
  expect(code).not.toBe(0);
  expect(output).toContain("azureml-aks:cluster.kubernetesVersion");
  expect(output).toContain('"1.11.3"');
  expect(output).toContain("azureml-aks:services.aks-service-1.image.entryScript");
  expect(output).toContain("azureml-aks:services.aks-service-1.replicas");
  expect(output).toContain("nothing was created or changed");
});

it("says in one line what to do when an image must be built and Docker does not run", async () => {
  const changed = (config: Values) =>
    replaced(config, ["azureml-aks:services", "aks-service-1", "image", "description"], "other");
  const args = ["up", "--yes", "--skip-preview", "--non-interactive", ...variant(changed)];
  const { code, output } = await attempt("pulumi", args, { env: WITHOUT_DOCKER });
  expect(code).not.toBe(0);
  expect(output).toMatch(/no engine answers at .*: start Docker or set DOCKER_HOST/);
  await pulumi("up", "--yes", "--skip-preview");
});
