import * as fs from "node:fs";
import { WORKSPACE_NAME } from "../validation/azureNames";
import type { Section } from "./section";
import type { WorkspaceConfig } from "./types";

const FIELDS = ["subscription_id", "resource_group", "workspace_name"] as const;
const DOWNLOAD =
  "download config.json from the workspace's page in the Azure portal, or write it with these three fields";

function readJson(section: Section, file: string): unknown {
  const text = fs.readFileSync(file, "utf8");
  try {
    // Editors on Windows put a byte order mark in front.
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    section.fault("configFile", `must name a JSON file; ${error.message}`, DOWNLOAD);
    return undefined;
  }
}

/** Reads the `config.json` that `Workspace.from_config()` of the SDK v1 reads. */
function existingWorkspace(section: Section): WorkspaceConfig {
  const file = section.string("configFile", "config.json");
  const none = { subscriptionId: "", resourceGroupName: "", workspaceName: "" };
  if (!fs.existsSync(file) || !fs.statSync(file).isFile()) {
    section.fault("configFile", `must name a file; there is no "${file}"`, DOWNLOAD);
    return { mode: "existing", ...none };
  }
  const content = readJson(section, file);
  if (content === undefined) return { mode: "existing", ...none };
  const fields = FIELDS.map((field) => {
    const found =
      typeof content === "object" && content !== null
        ? (content as Readonly<Record<string, unknown>>)[field]
        : undefined;
    if (typeof found === "string" && found !== "") return found;
    section.fault("configFile", `"${file}" must have the text field "${field}"`, DOWNLOAD);
    return "";
  });
  const [subscriptionId = "", resourceGroupName = "", workspaceName = ""] = fields;
  return { mode: "existing", subscriptionId, resourceGroupName, workspaceName };
}

function newWorkspace(section: Section): WorkspaceConfig {
  const name = section.string("name", "azureml");
  if (!WORKSPACE_NAME.pattern.test(name)) {
    section.fault("name", WORKSPACE_NAME.rule, "choose a shorter or plainer name");
  }
  return { mode: "new", name, tags: section.stringMap("tags") };
}

/** Reads `azureml-aks:workspace`. */
export function readWorkspace(section: Section): WorkspaceConfig {
  const mode = section.oneOf("mode", ["new", "existing"], "new");
  const workspace = mode === "new" ? newWorkspace(section) : existingWorkspace(section);
  section.close();
  return workspace;
}
