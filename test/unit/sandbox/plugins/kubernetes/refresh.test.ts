import type { JsonObject } from "../../../../../sandbox/json";
import { Secret } from "../../../../../sandbox/plugins/protocol";
import {
  parseQuantity,
  projectOntoInputs,
} from "../../../../../sandbox/plugins/kubernetes/projection";
import { hideInputs, hideOutputs } from "../../../../../sandbox/plugins/kubernetes/secrecy";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the live object, reduced to what we manage,", () => {
  test("leaves out what the server or others have set", () => {
    const live = {
      metadata: { name: "a", uid: "1", labels: { ours: "1", theirs: "2" } },
      status: {},
    };
    const inputs = { metadata: { name: "a", labels: { ours: "1" } } };
    expect(projectOntoInputs(live, inputs)).toEqual(inputs);
  });

  test("shows what somebody changed or removed", () => {
    const live = { spec: { replicas: 3, template: { a: 1 } } };
    const inputs = { spec: { replicas: 2, paused: true, template: { a: 1 } } };
    expect(projectOntoInputs(live, inputs)).toEqual({ spec: { replicas: 3, template: { a: 1 } } });
  });

  test("says the same in the words of the inputs", () => {
    const live = { limits: { cpu: "1", memory: "64Mi" }, port: 80, requests: { cpu: "50m" } };
    const inputs = {
      limits: { cpu: "1000m", memory: "65536Ki" },
      port: "80",
      requests: { cpu: 0.05 },
    };
    expect(projectOntoInputs(live, inputs)).toEqual(inputs);
  });

  test("keeps empty values that the server leaves out", () => {
    const inputs = { ingress: [{ from: [] }], hostNetwork: false, emptyDir: {} };
    expect(projectOntoInputs({ ingress: [{}] }, inputs)).toEqual(inputs);
  });

  test("finds named items among those others have added, and misses those that are gone", () => {
    const live: JsonObject = {
      containers: [{ name: "proxy" }, { name: "web", image: "b", tty: true }],
    };
    const inputs: JsonObject = {
      containers: [{ name: "web", image: "a" }, { name: "gone" }],
    };
    expect(projectOntoInputs(live, inputs)).toEqual({ containers: [{ name: "web", image: "b" }] });
  });

  test("shows a list as it is when its length differs", () => {
    expect(projectOntoInputs({ args: ["a", "b"] }, { args: ["a"] })).toEqual({ args: ["a", "b"] });
  });

  test("compares a Secret's text with the data it is stored as", () => {
    const live = { kind: "Secret", data: { a: base64("1"), b: base64("changed") } };
    const inputs = { kind: "Secret", stringData: { a: "1", b: "2", c: "3" } };
    expect(projectOntoInputs(live, inputs)).toEqual({
      kind: "Secret",
      stringData: { a: "1", b: "changed" },
    });
  });
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
  test("a Secret's contents are hidden in inputs and outputs though the program did not say so", () => {
    const inputs = { kind: "Secret", stringData: { a: "1" } };
    const live = { kind: "Secret", data: { a: base64("1") }, metadata: { name: "s" } };
    expect(hideInputs(inputs, inputs)).toEqual({
      kind: "Secret",
      stringData: new Secret({ a: "1" }),
    });
    expect(hideOutputs(live, inputs)).toEqual({
      kind: "Secret",
      data: new Secret({ a: base64("1") }),
      stringData: new Secret({ a: "1" }),
      metadata: { name: "s" },
    });
  });

  test("inputs read back show what the cluster has, not what was asked for", () => {
    const last = { kind: "Secret", stringData: new Secret({ a: "1" }) };
    const read = { kind: "Secret", stringData: { a: "changed" } };
    expect(hideInputs(read, last)["stringData"]).toEqual(new Secret({ a: "changed" }));
  });

  test("a secret input is hidden where the live object repeats it", () => {
    const inputs = { kind: "Pod", spec: { env: [{ name: "A", value: new Secret("x") }] } };
    const live = { kind: "Pod", spec: { env: [{ name: "A", value: "x" }], nodeName: "n" } };
    expect(hideOutputs(live, inputs)["spec"]).toEqual({ ...inputs.spec, nodeName: "n" });
  });
});
