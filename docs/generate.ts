// Writes what is generated from the schema of the configuration: the README's tables and the `config`
// of Pulumi.yaml. With `--check` it writes nothing and fails where one of them differs.
import * as fs from "node:fs";
import * as prettier from "prettier";
import { configurationTables, pulumiConfig } from "../components/config/documentation";

const START = "<!-- generated from the schema of the configuration: npm run docs -->";
const END = "<!-- end of what is generated -->";

/** The README with the tables of today's schema. */
async function withTables(readme: string): Promise<string> {
  const before = readme.slice(0, readme.indexOf(START));
  const after = readme.slice(readme.indexOf(END));
  const text = `${before}${START}\n\n${configurationTables()}\n\n${after}`;
  return prettier.format(text, {
    ...(await prettier.resolveConfig("README.md")),
    parser: "markdown",
  });
}

/** Pulumi.yaml with the `config` of today's schema, which is the last of its keys. */
function withConfig(project: string): string {
  return project.slice(0, project.search(/^config:/m)) + pulumiConfig();
}

const GENERATED: Readonly<Record<string, (text: string) => string | Promise<string>>> = {
  "README.md": withTables,
  "Pulumi.yaml": withConfig,
};

async function main(check: boolean): Promise<void> {
  for (const [file, generate] of Object.entries(GENERATED)) {
    const before = fs.readFileSync(file, "utf8");
    const after = await generate(before);
    if (before === after) continue;
    if (!check) {
      fs.writeFileSync(file, after);
    } else {
      console.error(`${file} differs from the schema of the configuration; run \`npm run docs\``);
      process.exitCode = 1;
    }
  }
}

void main(process.argv.includes("--check"));
