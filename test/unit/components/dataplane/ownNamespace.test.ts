import * as pulumi from "@pulumi/pulumi";
import { ownNamespace, refuseForeign } from "../../../../components/dataplane/ownNamespace";
import { startMocks, valueOf } from "../../../support/mocks";

const LABELS = { "app.kubernetes.io/instance": "aks-service-1" };

async function ask(answer: object, kubeconfig = pulumi.secret("a kubeconfig")) {
  const recording = await startMocks({ "dataplane:index:namespace": () => ({ ...answer }) });
  const name = ownNamespace({ kubeconfig, namespace: "team", labels: LABELS }, {});
  return { recording, name };
}

describe("a namespace in somebody else's cluster", () => {
  it("is ours where nobody has it, or our labels are on it", async () => {
    expect(await valueOf((await ask({})).name)).toBe("team");
    expect(await valueOf((await ask({ labels: { ...LABELS, more: "x" } })).name)).toBe("team");
  });

  it("is asked for by name, and is no secret", async () => {
    const { recording, name } = await ask({});
    await valueOf(name);
    expect(recording.calls.map(({ inputs }) => inputs)).toEqual([
      { kubeconfig: "a kubeconfig", namespace: "team" },
    ]);
    expect(await pulumi.isSecret(name)).toBe(false);
  });

  it.each<Record<string, string>>([{}, { "app.kubernetes.io/instance": "another" }])(
    "is refused with the labels %j",
    (labels) => {
      const wanted = { namespace: "team", labels: LABELS };
      expect(() => refuseForeign(wanted, { labels })).toThrow(
        "the cluster has a namespace team that this program has not made",
      );
    },
  );
});
