import { armClient } from "../armClient";
import { ArmRefusal } from "../armRefusal";

interface Page<T> {
  readonly value?: readonly T[];
  /** Versions of Kubernetes come under this name. */
  readonly values?: readonly T[];
  readonly nextLink?: string;
}

/**
 * What Azure Resource Manager lists, over all pages.
 *
 * @throws ArmRefusal when it refuses, Error when it cannot be reached.
 */
export async function armList<T>(
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly T[]> {
  const client = await armClient();
  const found: T[] = [];
  let response = await client.pathUnchecked(path).get({ queryParameters: query });
  for (;;) {
    if (Number(response.status) >= 300) throw new ArmRefusal(response);
    const { value, values, nextLink } = response.body as Page<T>;
    found.push(...(value ?? values ?? []));
    if (nextLink === undefined) return found;
    response = await client.pathUnchecked(nextLink).get();
  }
}
