import type { Inputs } from "@pulumi/pulumi";
import { stringInput } from "./resourceType";

/** The repository that the inputs name, with its host, as images are named. */
export function repositoryAddress(inputs: Inputs): string {
  return `${stringInput(inputs, "loginServer")}/${stringInput(inputs, "repository")}`;
}
