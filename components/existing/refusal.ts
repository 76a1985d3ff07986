import * as pulumi from "@pulumi/pulumi";

/** Full config key of a path, as messages name it. */
export function configKey(path: string): string {
  return `${pulumi.getProject()}:${path}`;
}

/** What the failed read of something says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
