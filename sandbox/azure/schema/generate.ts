/**
 * Writes the property tree of every known resource type beside this file, so that neither emulator
 * nor plugin parses 16 MB of declarations at start. Run after an update of the SDK:
 * `node -r sucrase/register sandbox/azure/schema/generate.ts`
 */
import * as fs from "node:fs";
import * as path from "node:path";
import prettier from "prettier";
import { generateSchemas, moduleFile } from "./readSdk";

async function main(): Promise<void> {
  for (const [token, schema] of generateSchemas()) {
    const { className, module } = moduleFile(token);
    const file = path.join(__dirname, `${className}.${module}.json`);
    const style = { ...(await prettier.resolveConfig(file)), parser: "json" };
    fs.writeFileSync(file, await prettier.format(JSON.stringify(schema), style));
  }
}

void main();
