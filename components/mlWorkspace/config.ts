import * as v from "valibot";
import { name, oneOf, optional, section, string, variant, withDefault } from "../config/schema";
import { WORKSPACE_NAME } from "../names/rules";
import { azureTags, LONGEST_TAG_NAME } from "../tags/azureTags";
import { workspaceReference } from "./configFile";
import { STORAGE_SKUS } from "./specs";

const mode = withDefault(oneOf(["new", "existing"]), "new", {
  meaning: "create the workspace with what it needs, or use one that exists",
});

const newWorkspace = section({
  mode,
  name: withDefault(name(WORKSPACE_NAME, "choose a shorter or plainer name"), "azureml", {
    meaning: "start of all names, 3 to 14 characters; a change replaces everything",
  }),
  tags: withDefault(
    azureTags(LONGEST_TAG_NAME.onStorage),
    {},
    { meaning: "tags of everything in the resource group" },
  ),
  storageSku: optional(oneOf(STORAGE_SKUS), {
    meaning: "redundancy of the storage",
    defaultText: "`Standard_ZRS` where the region has it, else `Standard_LRS`; chosen once",
  }),
});

const existingWorkspace = section({
  mode,
  configFile: withDefault(v.pipe(string(), workspaceReference()), "config.json", {
    meaning:
      "path of the file that `Workspace.from_config()` reads, or of a folder to find it from, as `.azureml/config.json` is found",
  }),
});

/** `azureml-aks:workspace`: a workspace to create, or one that exists and is only read. */
export const workspaceSchema = variant(
  {
    new: v.pipe(
      newWorkspace,
      v.transform((workspace) => ({ ...workspace, mode: "new" as const })),
    ),
    existing: v.pipe(
      existingWorkspace,
      v.transform(({ configFile }) => ({ mode: "existing" as const, ...configFile })),
    ),
  },
  "new",
);

export type WorkspaceConfig = v.InferOutput<typeof workspaceSchema>;
