import * as fs from "node:fs";
import * as path from "node:path";
import { readSettings } from "../../../../sandbox/plugins/azure-native/settings";
import { inFolderWith } from "../../../support/folder";

inFolderWith({});

function withAz(script: string | undefined) {
  fs.mkdirSync("bin", { recursive: true });
  if (script !== undefined) {
    fs.writeFileSync("bin/az", `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return () => readSettings({}, { PATH: path.resolve("bin") });
}

describe("the stand-in for azure-native without a secret", () => {
  it("fails as the real one does where there is no Azure CLI", () => {
    expect(withAz(undefined)).toThrow('exec: "az": executable file not found in $PATH');
  });

  it("fails in the words of an Azure CLI without an account", () => {
    const words = "ERROR: Please run 'az login' to setup account.";
    expect(withAz(`echo "${words}" >&2; exit 1`)).toThrow(words);
  });

  it("refuses by name an Azure CLI that has one", () => {
    expect(withAz("echo '{}'")).toThrow("does not support signing in with the Azure CLI");
  });
});
