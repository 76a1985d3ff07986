import { stackOutputs, type ServiceOutput } from "./sandbox";

/**
 * Outputs of one service of a stack.
 *
 * @throws Error when the stack has no such service.
 */
export async function service(name = "aks-service-1", stack = "sandbox"): Promise<ServiceOutput> {
  const found = (await stackOutputs(stack)).services[name];
  if (found === undefined) throw new Error(`the stack ${stack} exports no ${name}`);
  return found;
}
