import {
  isPassing,
  isStillThere,
  statusOf,
  toReadableError,
} from "../../../dataplane/kubernetes/errors";

const coded = (code: number | string, details: object = {}) =>
  Object.assign(new Error(`failed with ${code}`), { code, ...details });

describe("an error of the cluster's client", () => {
  it("has the API server's own words", () => {
    const error = toReadableError(coded(403, { body: '{"message":"pods is forbidden"}' }));
    expect([error.message, statusOf(error), isPassing(error)]).toEqual([
      "pods is forbidden",
      403,
      false,
    ]);
  });

  it("has the whole answer where that is not the API server's", () => {
    const error = toReadableError(coded(502, { body: "bad gateway" }));
    expect([error.message, isPassing(error)]).toEqual(["bad gateway", true]);
  });

  it("says that kubelogin is missing, and how to get it", () => {
    const error = toReadableError(coded("ENOENT", { path: "kubelogin" }));
    expect(error.message).toContain("az aks install-cli");
  });

  it.each([
    ["itself", coded("ECONNREFUSED")],
    ["as its cause", new TypeError("fetch failed", { cause: coded("ETIMEDOUT") })],
  ])("tells a cluster that is out of reach, by %s", (_, error) => {
    expect(isPassing(toReadableError(error))).toBe(true);
  });

  it("stays as it is where nothing is known of it", () => {
    const error = new Error("something else");
    expect(toReadableError(error)).toBe(error);
    expect(isPassing(error)).toBe(false);
  });
});

describe("what lies in a cluster that does not answer", () => {
  const look = () => Promise.reject(toReadableError(coded("ECONNREFUSED")));

  afterEach(() => delete process.env.PULUMI_K8S_DELETE_UNREACHABLE);

  it("is not known", async () => {
    await expect(isStillThere(look)).rejects.toThrow("the cluster does not answer");
  });

  it("is gone where the user has said so", async () => {
    process.env.PULUMI_K8S_DELETE_UNREACHABLE = "true";
    await expect(isStillThere(look)).resolves.toBe(false);
    const refused = () => Promise.reject(toReadableError(coded(403, { body: "{}" })));
    await expect(isStillThere(refused)).rejects.toThrow();
  });
});
