import type { ContentFile } from "../files/contentFiles";
import type { ModelConfig } from "../registeredModel/config";

/**
 * Version of every model in an image, as scripts for Azure ML see it: a whole number. An image holds
 * one version of each model, and a number that stays the same keeps paths the same; which version it
 * is by content stands in the model's registration and in the outputs.
 */
const VERSION_IN_IMAGE = 1;

/** Folder of a model below the folder of all models, as Azure ML lays it out. */
export function imageFolder({ name }: Pick<ModelConfig, "name">): string {
  return `${name}/${VERSION_IN_IMAGE}`;
}

/**
 * Files of a model by their paths below the folder of all models: a file under its own name, those
 * of a folder below the folder's own name.
 *
 * @see https://learn.microsoft.com/azure/machine-learning/v1/how-to-deploy-advanced-entry-script#azureml_model_dir
 */
export function filesInImage(model: ModelConfig): readonly ContentFile[] {
  const folder = model.folder === undefined ? "" : `${model.folder}/`;
  return model.files.map((file) => {
    return { ...file, name: `${imageFolder(model)}/${folder}${file.name}` };
  });
}
