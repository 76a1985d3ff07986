import * as names from "../../../../components/names/rules";

describe("name rules", () => {
  it.each<[keyof typeof names, readonly string[]]>([
    ["WORKSPACE_NAME", ["abc", "a-1", "a".repeat(14)]],
    ["CLUSTER_NAME", ["a", "1", "A_b-c", "a".repeat(50)]],
    ["MODEL_NAME", ["a", "1", "best_model", "A-b", "a".repeat(255)]],
    ["IMAGE_NAME", ["a", "a.b", "a_b", "a__b", "a---b", "myimage1"]],
    ["DNS_LABEL", ["a", "aks-service-1", "a".repeat(63)]],
    ["VM_SIZE", ["Standard_D4s_v5", "Standard_B2ms", "Standard_M8-2ms"]],
  ])("let through by %s: %j", (rule, allowed) => {
    for (const name of allowed) expect(name).toMatch(names[rule].pattern);
  });

  it.each<[keyof typeof names, readonly string[]]>([
    ["WORKSPACE_NAME", ["", "ab", "a".repeat(15), "A-b", "1ab", "ab-", "abc\n"]],
    ["CLUSTER_NAME", ["", "a".repeat(51), "-a", "a-", "a.b", "a\n"]],
    ["MODEL_NAME", ["", "a".repeat(256), "-a", "a b", "a/b", "a\n"]],
    ["IMAGE_NAME", ["", "A", "a..b", "a___b", ".a", "a.", "a/b", "a\n"]],
    ["DNS_LABEL", ["", "a".repeat(64), "1a", "a-", "a.b", "A", "a\n"]],
    ["VM_SIZE", ["", "D4s", "standard_D4s", "Standard_", "Standard_D4s v5"]],
  ])("refused by %s: %j", (rule, refused) => {
    for (const name of refused) expect(name).not.toMatch(names[rule].pattern);
  });
});
