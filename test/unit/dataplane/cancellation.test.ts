import { Cluster } from "../../../dataplane/kubernetes/cluster";
import { dataplaneProvider } from "../../support/dataplane";
import { fakeCluster } from "../../support/fakeCluster";

const ROLLOUT = "urn:pulumi:stack::project::dataplane:index:Rollout::rollout";

it("a rollout that is watched ends when the user cancels, and says how it goes on", async () => {
  const deployment = {
    metadata: { name: "scoring", namespace: "team", uid: "d", generation: 2 },
    spec: { replicas: 1, template: { spec: { containers: [] } } },
    status: { observedGeneration: 1 },
  };
  const objects = { "readNamespacedDeployment scoring": deployment };
  jest.spyOn(Cluster, "connect").mockResolvedValue(fakeCluster(objects, []));
  const provider = dataplaneProvider();
  const watching = provider.create(ROLLOUT, {
    kubeconfig: "a kubeconfig",
    namespace: "team",
    deployment: "scoring",
    minReplicas: 1,
    maxReplicas: 1,
    timeoutSeconds: 600,
  });
  setTimeout(() => void provider.cancel(), 50);
  await expect(watching).rejects.toThrow(
    "cancelled while watching rollout of Deployment team/scoring; the next `up` goes on watching",
  );
});
