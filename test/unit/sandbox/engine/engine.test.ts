import "../stateFolder";
import { kubernetes } from "../../../../sandbox/cluster/paths";
import { recentEnough } from "../../../../sandbox/engine/engine";
import { builtPath } from "../../../../sandbox/engine/goBuild";

describe("engine", () => {
  it("is taken from PATH only when it is recent enough for the SDK", () => {
    expect(recentEnough("v3.250.0")).toBe(true);
    expect(recentEnough("v4.0.0")).toBe(true);
    expect(recentEnough("v3.99.0")).toBe(false);
    expect(recentEnough("v2.999.0")).toBe(false);
    expect(recentEnough("unknown")).toBe(false);
  });

  it("is built anew when the sources or the settings of the build change", () => {
    const file = builtPath(kubernetes);
    expect(builtPath({ ...kubernetes })).toBe(file);
    expect(builtPath({ ...kubernetes, variables: { "main.version": "2" } })).not.toBe(file);
    expect(builtPath({ ...kubernetes, module: "pulumi" })).not.toBe(file);
  });
});
