import { read, service } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";

const KEY = "azureml-aks:services.aks-service-1";
const DNS =
  "must be 1 to 63 characters: lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen";

inFolderWith(SAMPLE_PROJECT);

function faults(change: object) {
  return read({ services: { "aks-service-1": service({ ...change }) } }).faults;
}

describe("the models of a service", () => {
  it.each([undefined, []])("are at least one, not %j", (models) => {
    expect(faults({ models })).toEqual([
      {
        key: `${KEY}.models`,
        value: models,
        rule: "must name at least one model",
        remedy: "list keys of azureml-aks:models",
      },
    ]);
  });

  it("are registered ones, and the one that was meant is suggested", () => {
    expect(faults({ models: ["best_model", "bst_model"] })).toEqual([
      {
        key: `${KEY}.models`,
        value: ["best_model", "bst_model"],
        rule: 'must be keys of azureml-aks:models; there is no "bst_model"',
        remedy: 'did you mean "best_model"?',
      },
    ]);
    expect(faults({ models: ["something-else-entirely"] })).toMatchObject([
      { remedy: "add the model there" },
    ]);
  });

  it("are each named once", () => {
    expect(faults({ models: ["best_model", "best_model"] })).toMatchObject([
      { key: `${KEY}.models`, rule: 'must not name "best_model" twice' },
    ]);
  });

  it("are a list", () => {
    expect(faults({ models: "best_model" })).toMatchObject([
      { key: `${KEY}.models`, value: "best_model", rule: "must be a list of strings" },
    ]);
  });
});

describe("the namespace of a service", () => {
  it.each(["default", "kube-system", "kube-public", "kube-node-lease", "gatekeeper-system"])(
    "is not %s, which is not the service's own",
    (namespace) => {
      expect(faults({ namespace })).toEqual([
        {
          key: `${KEY}.namespace`,
          value: namespace,
          rule: "must be the service's own",
          remedy: 'leave it out for "aks-service-1"',
        },
      ]);
    },
  );

  it("follows Kubernetes' rule for names", () => {
    expect(faults({ namespace: "My_Namespace" })).toEqual([
      {
        key: `${KEY}.namespace`,
        value: "My_Namespace",
        rule: DNS,
        remedy: "choose a name by this rule",
      },
    ]);
  });

  it("is no other service's, and neither is its image's name", () => {
    const { faults: found } = read({
      services: {
        "aks-service-1": service({ namespace: "shared" }, { name: "one" }),
        "aks-service-2": service({ namespace: "shared" }, { name: "one" }),
      },
    });
    expect(found).toEqual([
      {
        key: "azureml-aks:services.aks-service-2.namespace",
        value: "shared",
        rule: `must be the service's own; "shared" is aks-service-1's`,
        remedy: "give aks-service-2 another one",
      },
      {
        key: "azureml-aks:services.aks-service-2.image.name",
        value: "one",
        rule: `must be the service's own; "one" is aks-service-1's`,
        remedy: "give aks-service-2 another one",
      },
    ]);
  });
});
