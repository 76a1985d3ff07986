import { ArmRequestError } from "./armError";

/** A long-running operation that Azure took on and then failed: the resource exists, broken. */
export class OperationFailed extends ArmRequestError {
  constructor(code: string, detail: string) {
    super(200, code, detail);
    this.name = "OperationFailed";
  }
}
