import type { PathUncheckedResponse } from "@azure-rest/core-client";

/** Azure Resource Manager refused a request; like the errors of Azure's SDK it has a status. */
export class ArmRefusal extends Error {
  readonly statusCode: number;

  constructor({ status, body }: PathUncheckedResponse) {
    const { error } = (body ?? {}) as { error?: { code?: string; message?: string } };
    super(error ? `${error.code ?? ""}: ${error.message ?? ""}` : `status ${status}`);
    this.name = "ArmRefusal";
    this.statusCode = Number(status);
  }
}
