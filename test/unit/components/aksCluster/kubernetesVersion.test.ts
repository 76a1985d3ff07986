import { isSupportedKubernetesVersion } from "../../../../components/aksCluster/kubernetesVersion";

describe("a Kubernetes version", () => {
  it.each(["1.32", "1.33.1", "1.34", "1.36.10", "1.37", "1.100"])("%s is supported", (version) => {
    expect(isSupportedKubernetesVersion(version)).toBe(true);
  });

  it.each(["1.31", "1.31.99", "1.3", "2.34", "1", "", "1.34-beta", " 1.34", "1.34\n"])(
    "%j is not",
    (version) => {
      expect(isSupportedKubernetesVersion(version)).toBe(false);
    },
  );
});
