import { Cluster } from "../../dataplane/kubernetes/cluster";

type Api = ConstructorParameters<typeof Cluster>[0];

/** The library's error for an answer of the API server. */
function refusal(code: number, message: string): Error {
  return Object.assign(new Error(`HTTP-Code: ${code}`), {
    code,
    body: JSON.stringify({ message }),
  });
}

/**
 * A cluster that answers as it is told; what is not foreseen is not found.
 *
 * @param objects answers by request: the name of the library's function, with the object's name where it
 * has one.
 * @param requests takes the requests that came.
 */
export function fakeCluster(
  objects: Readonly<Record<string, unknown>>,
  requests: string[],
): Cluster {
  const answer = (method: string) => (asked: { readonly name?: string }) => {
    const request = asked.name === undefined ? method : `${method} ${asked.name}`;
    requests.push(request);
    const found = objects[request];
    return found === undefined
      ? Promise.reject(refusal(404, `${request} not found`))
      : Promise.resolve(found);
  };
  const api = new Proxy({}, { get: (_, method) => answer(String(method)) });
  return new Cluster({ core: api, apps: api, autoscaling: api } as Api, "team");
}
