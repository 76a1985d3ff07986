import { Secret } from "../../../../../sandbox/plugins/protocol";
import { outputsOf, readCheckpoint } from "../../../../../sandbox/plugins/kubernetes/checkpoint";
import { normalizeInputs, prune } from "../../../../../sandbox/plugins/kubernetes/normalization";
import { parseQuantity } from "../../../../../sandbox/plugins/kubernetes/quantities";
import { hideAsIn } from "../../../../../sandbox/plugins/kubernetes/secrecy";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the live object, reduced to the shape of the inputs,", () => {
  test("leaves out what the server or others have set", () => {
    const live = {
      metadata: { name: "a", uid: "1", labels: { ours: "1", theirs: "2" } },
      status: {},
    };
    const inputs = { metadata: { name: "a", labels: { ours: "1" } } };
    expect(prune(live, inputs)).toEqual(inputs);
  });

  test("shows what somebody changed or removed", () => {
    const live = { spec: { replicas: 3, template: { a: 1 } } };
    const inputs = { spec: { replicas: 2, paused: true, template: { a: 1 } } };
    expect(prune(live, inputs)).toEqual({ spec: { replicas: 3, template: { a: 1 } } });
  });

  test("goes through lists by position, and no further than the inputs", () => {
    const live = {
      args: ["a", "b"],
      containers: [
        { name: "proxy", tty: true },
        { name: "web", tty: true },
      ],
    };
    const inputs = { args: ["a"], containers: [{ name: "web" }] };
    expect(prune(live, inputs)).toEqual({ args: ["a"], containers: [{ name: "proxy" }] });
  });
});

describe("inputs", () => {
  test("lose what is empty where the types of Kubernetes leave it out", () => {
    const spec = { ingress: [{ from: [] }], emptyDir: {}, nodeSelector: {}, paused: false };
    const inputs = { kind: "Deployment", metadata: { annotations: {} }, spec };
    expect(normalizeInputs(inputs)).toEqual({
      kind: "Deployment",
      metadata: {},
      spec: { ingress: [{}], emptyDir: {}, paused: false },
    });
  });

  test("of a Secret keep what is empty, and become the data that is stored", () => {
    const metadata = { annotations: {} };
    const inputs = { kind: "Secret", metadata, data: { b: base64("2") }, stringData: { a: "1" } };
    expect(normalizeInputs(inputs)).toEqual({
      kind: "Secret",
      metadata,
      data: { a: base64("1"), b: base64("2") },
    });
  });
});

test("a state has the live object, the inputs it was made from, and the field manager", () => {
  const live = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, data: { a: "MQ==" } };
  const inputs = { apiVersion: "v1", kind: "Secret", metadata: {}, data: { a: "MQ==" } };
  const outputs = outputsOf(live, { inputs, fieldManager: "us", initialApiVersion: "v1" });
  expect(outputs).toEqual({
    ...live,
    data: new Secret({ a: "MQ==" }),
    __inputs: { ...inputs, data: new Secret({ a: "MQ==" }) },
    __fieldManager: "us",
    __initialApiVersion: "v1",
  });
  expect(readCheckpoint(outputs, {})).toMatchObject({ inputs, live });
});

test.each([
  ["500m", 0.5],
  ["1.5Gi", 1.5 * 2 ** 30],
  ["2e3", 2000],
  ["1E", 1e18],
  ["-5", -5],
  [".5", 0.5],
  ["3k", 3000],
  [7, 7],
  ["abc", undefined],
  ["", undefined],
  ["1.2.3", undefined],
])("the quantity %s is %s", (text, value) => expect(parseQuantity(text)).toBe(value));

describe("secrets", () => {
  test("a Secret's contents are hidden though the program did not say so", () => {
    const inputs = { kind: "Secret", stringData: { a: "1" } };
    const live = { kind: "Secret", data: { a: base64("1") }, metadata: { name: "s" } };
    expect(hideAsIn(live, inputs)).toEqual({
      kind: "Secret",
      data: new Secret({ a: base64("1") }),
      metadata: { name: "s" },
    });
  });

  test("inputs read back show what the cluster has, not what was asked for", () => {
    const last = { kind: "Secret", data: new Secret({ a: "1" }) };
    const read = { kind: "Secret", data: { a: "changed" } };
    expect(hideAsIn(read, last)["data"]).toEqual(new Secret({ a: "changed" }));
  });

  test("a secret input is hidden where the live object repeats it", () => {
    const inputs = { kind: "Pod", spec: { env: [{ name: "A", value: new Secret("x") }] } };
    const live = { kind: "Pod", spec: { env: [{ name: "A", value: "x" }], nodeName: "n" } };
    expect(hideAsIn(live, inputs)["spec"]).toEqual({ ...inputs.spec, nodeName: "n" });
  });
});
