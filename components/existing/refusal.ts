import * as pulumi from "@pulumi/pulumi";
import { readable } from "../signIn/readable";

/** Full config key of a path, as messages name it. */
export function configKey(path: string): string {
  return `${pulumi.getProject()}:${path}`;
}

/** Whether the read of something failed because it is not there: Azure answers 404. */
export function isNotFound(error: unknown): boolean {
  const details = error instanceof Error && "details" in error ? String(error.details) : "";
  return /\b404\b|NotFound/i.test(`${messageOf(error)} ${details}`);
}

/** What the failed read of something says, in one line. */
export function reasonOf(error: unknown): string {
  return readable(messageOf(error));
}

/** All of it, with codes that a line leaves out. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
