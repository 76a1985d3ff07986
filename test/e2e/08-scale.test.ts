import { podsDuring, scalePods, scoringDeployment } from "../support/kubernetes";
import { pulumi } from "../support/sandbox";
import { replaced, sandboxConfig, variant, type Values } from "../support/stackConfig";

const NAMESPACE = "aks-service-1";
const SERVICE = ["azureml-aks:services", "aks-service-1"];
/** An autoscaler looks every 15 s; after this time it has had its say. */
const AUTOSCALER_MS = 20_000;

/** The sample with other options of its service. */
function withOptions(options: Values): readonly string[] {
  const services = sandboxConfig()["azureml-aks:services"] as Record<string, Values>;
  const kept = Object.entries(services["aks-service-1"] ?? {}).filter(
    ([key]) => key !== "autoscale",
  );
  const one = { ...Object.fromEntries(kept), ...options };
  return variant((config) => replaced(config, SERVICE, one));
}

const up = (options: Values) => () =>
  pulumi("up", "--yes", "--skip-preview", ...withOptions(options));

const replicas = async () => (await scoringDeployment(NAMESPACE)).spec.replicas;

it("loses no pod when the number of pods becomes fixed, follows the load, and is fixed again", async () => {
  await up({ replicas: 3 })();
  expect(await replicas()).toBe(3);

  const followed = await podsDuring(NAMESPACE, async () => {
    await up({ autoscale: { minReplicas: 1, maxReplicas: 3 } })();
    await new Promise((resolve) => setTimeout(resolve, AUTOSCALER_MS));
  });
  expect(followed).toEqual({ fewest: 3, last: 3 });

  // More than the autoscaler would let it have, were it still there.
  const fixed = await podsDuring(NAMESPACE, async () => {
    await up({ replicas: 4 })();
    await new Promise((resolve) => setTimeout(resolve, AUTOSCALER_MS));
  });
  expect(fixed).toEqual({ fewest: 3, last: 4 });
});

it("takes the number of pods back that somebody has set by hand, and nothing that was removed", async () => {
  await scalePods(NAMESPACE, 1);
  // Any change brings it back, without a conflict over who manages it.
  await up({ replicas: 2, settings: { MARK: "1" } })();
  expect(await replicas()).toBe(2);

  await scalePods(NAMESPACE, 1);
  await pulumi("up", "--yes", "--skip-preview", "--refresh", ...withOptions({ replicas: 2 }));
  expect(await replicas()).toBe(2);
  const [container] = (await scoringDeployment(NAMESPACE)).spec.template.spec.containers;
  expect(container?.env.map(({ name }) => name)).not.toContain("MARK");

  await pulumi("up", "--yes", "--skip-preview");
});
