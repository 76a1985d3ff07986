import "../stateFolder";
import { isOutcome } from "../../../../sandbox/engine/stack";

describe("the engine's display", () => {
  it("is shown where it says what came of a resource", () => {
    expect(isOutcome("+  random:index:RandomString suffix created (0.12s)")).toBe(true);
    expect(isOutcome("~  docker:index:Image svc updated (19s) [diff: ~build]")).toBe(true);
    expect(isOutcome("+- a:b:C tag replaced (0.00s)")).toBe(true);
    expect(isOutcome("+  a:b:C d **creating failed** error: no")).toBe(true);
  });

  it("is counted, not shown, where it says that something goes on or that stand-ins are used", () => {
    expect(isOutcome("+  random:index:RandomString suffix creating (0s)")).toBe(false);
    expect(isOutcome("warning: using pulumi-resource-docker from $PATH at /x")).toBe(false);
  });
});
