import * as labels from "../../../../components/scoringService/labels";
import { SELECTOR, SERVICE } from "../../../support/program";

describe("labels", () => {
  it("are on every object, and mark the namespace for restricted pods only", () => {
    const object = { ...SELECTOR, "app.kubernetes.io/managed-by": "azureml-aks" };
    expect(labels.objectLabels(SERVICE)).toEqual(object);
    expect(labels.namespaceLabels(SERVICE)).toEqual({
      ...object,
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    });
  });
});
