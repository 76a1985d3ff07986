import * as fs from "node:fs";
import { MODEL_NAME } from "../validation/azureNames";
import {
  BrokenLinkError,
  contentVersion,
  readContentFiles,
  type ContentFile,
} from "../validation/contentFiles";
import type { Section } from "./section";
import type { ModelConfig } from "./types";

function contentOf(section: Section, file: string): readonly ContentFile[] | undefined {
  try {
    return readContentFiles(file);
  } catch (error) {
    if (!(error instanceof BrokenLinkError)) throw error;
    section.fault("path", `must be complete; ${error.message}`, "fetch the model's content");
    return undefined;
  }
}

function modelFiles(section: Section): readonly ContentFile[] {
  const file = section.requiredString("path", "name the trained model's file or folder");
  if (file === "") return [];
  if (!fs.existsSync(file)) {
    section.fault(
      "path",
      "must name a file or folder that exists",
      "train the model, or mend the path",
    );
    return [];
  }
  const files = contentOf(section, file);
  if (files === undefined) return [];
  if (files.length === 0) {
    section.fault("path", "must not be a folder without files", "put the model's files into it");
  }
  // An empty __init__.py or marker is usual beside other files; an empty model is not.
  const [first] = files;
  if (first !== undefined && files.every(({ size }) => size === 0)) {
    section.fault(
      "path",
      `must not be empty; "${first.name}" has no content`,
      "train the model again",
    );
  }
  return files;
}

function readModel(name: string, section: Section): ModelConfig {
  if (!MODEL_NAME.pattern.test(name)) {
    const rule = `the model's name "${name}" ${MODEL_NAME.rule}`;
    section.fault("name", rule, "rename the key", name);
  }
  const files = modelFiles(section);
  const model = {
    name,
    description: section.string("description", ""),
    tags: section.stringMap("tags"),
    files,
    version: contentVersion(files),
    useExistingContainer: section.boolean("useExistingContainer", false),
  };
  section.close();
  return model;
}

/** Reads `azureml-aks:models`, a map of models by the name to register them under. */
export function readModels(section: Section): readonly ModelConfig[] {
  return section.sections().map(([name, model]) => readModel(name, model));
}
