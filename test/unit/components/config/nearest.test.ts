import { nearest } from "../../../../components/config/nearest";

const KEYS = ["models", "services", "workspace", "cluster"];

describe("the nearest known word", () => {
  it.each([
    ["modles", "models"],
    ["model", "models"],
    ["Models", "models"],
    ["service", "services"],
    ["workpsace", "workspace"],
    ["clutser", "cluster"],
  ])("to %s is %s", (word, expected) => {
    expect(nearest(word, KEYS)).toBe(expected);
  });

  it.each(["zzzzzzzz", "q", "completely-different"])("to %s is none", (word) => {
    expect(nearest(word, KEYS)).toBeUndefined();
  });

  it("is none where nothing is known", () => {
    expect(nearest("models", [])).toBeUndefined();
  });
});
