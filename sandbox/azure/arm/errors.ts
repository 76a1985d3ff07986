import { HttpError } from "../http";

/** An error with the status, code and message that Azure Resource Manager would answer with. */
export class ArmError extends HttpError {
  override name = "ArmError";
}

/** 404: there is no such resource. */
export const notFound = (id: string): ArmError =>
  new ArmError(404, "ResourceNotFound", `The Resource '${id}' was not found.`);

/** 404: there is no such resource group. */
export const groupNotFound = (name: string): ArmError =>
  new ArmError(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);

/** 404: the resource in which another one is to be nested does not exist. */
export const parentNotFound = (id: string): ArmError =>
  new ArmError(
    404,
    "ParentResourceNotFound",
    `Can not perform requested operation on nested resource. Parent resource '${id}' not found.`,
  );

/** 400, with a code of the resource provider's. */
export const badRequest = (code: string, message: string): ArmError =>
  new ArmError(400, code, message);

/** 409, with a code of the resource provider's. */
export const conflict = (code: string, message: string): ArmError =>
  new ArmError(409, code, message);

/** 501: Azure has the operation, the emulator does not. */
export const unsupported = (operation: string): ArmError =>
  new ArmError(501, "NotImplemented", `The emulator does not implement ${operation}.`);

/** 401: it is not known who sends the request. */
export const unauthenticated = (message: string): ArmError =>
  new ArmError(401, "AuthenticationFailed", message);

/** 403: no role of the caller grants the action over the scope. */
export const forbidden = (client: string, objectId: string, action: string, scope: string) =>
  new ArmError(
    403,
    "AuthorizationFailed",
    `The client '${client}' with object id '${objectId}' does not have authorization to perform ` +
      `action '${action}' over scope '${scope}' or the scope is invalid. If access was recently ` +
      `granted, please refresh your credentials.`,
  );
