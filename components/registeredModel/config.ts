import * as v from "valibot";
import {
  boolean,
  byName,
  required,
  section,
  string,
  stringMap,
  text,
  withDefault,
} from "../config/schema";
import { MODEL_NAME } from "../names/rules";
import { modelFiles } from "./modelFiles";
import { contentVersion } from "./version";

const options = section({
  path: required(
    v.pipe(string(), modelFiles()),
    { remedy: "name the trained model's file or folder" },
    { meaning: "path of the model's file or folder; a changed content is a new version" },
  ),
  description: withDefault(text(), "", { meaning: "as in `Model.register`" }),
  tags: withDefault(stringMap(), {}, { meaning: "as in `Model.register`" }),
  useExistingContainer: withDefault(boolean(), false, {
    meaning: "`true` if the model's name is registered in the workspace already",
  }),
});

function model(name: string) {
  return v.pipe(
    options,
    v.transform(({ path: content, ...rest }) => {
      return { name, ...rest, ...content, version: contentVersion(content.files) };
    }),
  );
}

/** `azureml-aks:models`: models by the name to register them under. */
export const modelsSchema = byName({ noun: "model", ...MODEL_NAME }, model);

export type ModelConfig = v.InferOutput<typeof modelsSchema>[number];
