import { deterministicGuid } from "../../../../components/roles/guid";

describe("a deterministic GUID", () => {
  it("is the same for the same parts, whatever their case, as Azure compares ids", () => {
    const guid = deterministicGuid("/subscriptions/A/resourceGroups/B", "principal", "role");
    expect(guid).toBe(deterministicGuid("/subscriptions/a/resourcegroups/b", "principal", "role"));
  });

  it("has the form of RFC 9562, version 8", () => {
    for (const part of ["", "a", "b", "c", "d", "e", "f"]) {
      expect(deterministicGuid(part)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });

  it("differs when any part does, and when parts are cut elsewhere", () => {
    const guids = [
      deterministicGuid("a", "b", "c"),
      deterministicGuid("x", "b", "c"),
      deterministicGuid("a", "x", "c"),
      deterministicGuid("a", "b", "x"),
      deterministicGuid("ab", "", "c"),
      deterministicGuid("a", "bc"),
    ];
    expect(new Set(guids).size).toBe(guids.length);
  });

  it("stays what it is from release to release, or assignments would be made anew", () => {
    expect(deterministicGuid("scope", "principal", "role")).toBe(
      "6f287686-2154-8b08-8b0a-0c14040ac32e",
    );
  });
});
