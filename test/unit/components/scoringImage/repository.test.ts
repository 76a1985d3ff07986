import { IMAGE_NAME } from "../../../../components/names/rules";
import { repositoryOf } from "../../../../components/scoringImage/repository";

/** Names that Pulumi allows for projects and stacks. */
const SHAPES = [
  "pr-12_",
  "_x_",
  "-",
  "...",
  "Dev",
  "dev",
  "DEV",
  "feature_.x",
  "a..b",
  "a".repeat(100),
  "A".repeat(100),
  `${"a".repeat(99)}b`,
  `${"a".repeat(30)}${"-".repeat(70)}`,
];

describe("the repository of an image", () => {
  it("is named by project, stack and image", () => {
    expect(repositoryOf("azureml-aks", "dev", "myimage1")).toBe("azureml-aks/dev/myimage1");
  });

  it.each(SHAPES)("is one that a registry takes, with a stack or project named %s", (name) => {
    for (const part of repositoryOf(name, name, "image").split("/")) {
      expect(part).toMatch(IMAGE_NAME.pattern);
    }
  });

  it("is another one for each name of a stack", () => {
    const all = SHAPES.map((name) => repositoryOf("project", name, "image"));
    expect(new Set(all).size).toBe(SHAPES.length);
  });

  it("leaves room in Docker's 255 characters for the longest host and image's name", () => {
    const host = "r".repeat(50) + ".azurecr.io";
    const longest = repositoryOf("a".repeat(100), "b".repeat(100), "i".repeat(90));
    expect("i".repeat(90)).toMatch(IMAGE_NAME.pattern);
    expect(`${host}/${longest}`.length).toBeLessThanOrEqual(255);
  });
});
