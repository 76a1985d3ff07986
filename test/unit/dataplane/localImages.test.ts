import * as fs from "node:fs";
import * as path from "node:path";
import { removeLocalImages } from "../../../dataplane/localImages";
import { inFolderWith } from "../../support/folder";

const REPOSITORY = "registry.example/project/stack/image";
/** A Docker client that lists three tags and notes what it is asked for. */
const DOCKER = `#!/bin/sh
echo "$*" >> calls
[ "$2" = ls ] && printf 'new\\nold\\n<none>\\nolder\\n'
exit 0
`;

inFolderWith({ "bin/docker": DOCKER });

describe("images that earlier builds left in the local Docker engine", () => {
  const before = process.env.PATH;

  beforeEach(() => {
    fs.chmodSync("bin/docker", 0o755);
    process.env.PATH = `${path.resolve("bin")}:${before}`;
  });

  afterEach(() => {
    process.env.PATH = before;
  });

  const removals = () =>
    fs
      .readFileSync("calls", "utf8")
      .split("\n")
      .filter((line) => line.startsWith("image rm"));

  it("go once another one runs", async () => {
    await removeLocalImages(REPOSITORY, "new");
    expect(removals()).toEqual([`image rm ${REPOSITORY}:old ${REPOSITORY}:older`]);
  });

  it("all go with the repository, and leave their layers to the engine's cache", async () => {
    await removeLocalImages(REPOSITORY);
    expect(removals()).toEqual([
      `image rm --no-prune ${REPOSITORY}:new ${REPOSITORY}:old ${REPOSITORY}:older`,
    ]);
  });

  it("fail nothing where there is no Docker", async () => {
    process.env.PATH = path.resolve("nowhere");
    const log = jest.spyOn(console, "log").mockImplementation();
    await expect(removeLocalImages(REPOSITORY, "new")).resolves.toBe(undefined);
    expect(log).toHaveBeenCalledWith(expect.stringContaining("stay in the local Docker engine"));
    log.mockRestore();
  });
});
