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
  type SectionCheck,
} from "../config/schema";
import { MODEL_NAME } from "../names/rules";
import { modelFiles } from "./modelFiles";
import { contentVersion } from "./version";

const options = {
  path: required(
    v.pipe(string(), modelFiles()),
    { remedy: "name the trained model's file or folder" },
    { meaning: "path of the model's file or folder; a changed content is a new version" },
  ),
  description: withDefault(text(), "", { meaning: "as in `Model.register`" }),
  tags: withDefault(stringMap(), {}, { meaning: "as in `Model.register`" }),
  useExistingContainer: withDefault(boolean(), false, {
    meaning:
      "`true` if the model's name is registered in the workspace already, and stays for good",
  }),
  existing: withDefault(boolean(), false, {
    meaning:
      "`true` to use the version that another stack has registered in the existing workspace; it is neither changed nor deleted",
  }),
};

/** A model that is not registered here needs no name either. */
function refuseBoth({ values, report }: SectionCheck<typeof options>): void {
  if (values.existing !== true || values.useExistingContainer !== true) return;
  report({
    path: ["useExistingContainer"],
    value: true,
    rule: "must not be set beside existing: true, which registers nothing",
    remedy: "remove one of the two",
  });
}

function model(name: string) {
  return v.pipe(
    section(options, refuseBoth),
    v.transform(({ path: content, ...rest }) => {
      return { name, ...rest, ...content, version: contentVersion(content.files) };
    }),
  );
}

/** `azureml-aks:models`: models by the name to register them under. */
export const modelsSchema = byName({ noun: "model", ...MODEL_NAME }, model);

export type ModelConfig = v.InferOutput<typeof modelsSchema>[number];
