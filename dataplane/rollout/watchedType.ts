import type { Inputs } from "@pulumi/pulumi";
import { Cluster } from "../kubernetes/cluster";
import { isStillThere } from "../kubernetes/errors";
import { numberInput, stringInput, type ResourceType } from "../resourceType";
import type { Run } from "../run";
import { watch, type Watched } from "./watch";

/** An object of a cluster by its name. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** How one kind of object is watched. */
interface WatchedKind<T> {
  /** Input with the name of the object. */
  readonly nameInput: string;
  /** Inputs whose change is watched again. */
  readonly content: readonly string[];
  /** Output that tells whether an object is still the one that was watched. */
  readonly output: string;
  watched(cluster: Cluster, name: ObjectName, inputs: Inputs): Watched<T>;
  /** What is left to do once it is ready. @returns the value of the output. */
  finish(ready: T, inputs: Inputs, run: Run): Promise<string>;
  /** The value of the output by now; undefined when there is no such object. */
  current(cluster: Cluster, name: string): Promise<string | undefined>;
}

/**
 * A resource that is made by watching an object until it is ready. A watch that fails is not kept in the
 * state, so that the next `up` watches again; the object itself is a resource of its own.
 */
export function watchedType<T>(kind: WatchedKind<T>): ResourceType {
  const nameOf = (inputs: Inputs): ObjectName => ({
    namespace: stringInput(inputs, "namespace"),
    name: stringInput(inputs, kind.nameInput),
  });
  const watchIt = async (inputs: Inputs, run: Run): Promise<Inputs> => {
    const cluster = await Cluster.connect(inputs);
    const timeoutSeconds = numberInput(inputs, "timeoutSeconds");
    const watched = kind.watched(cluster, nameOf(inputs), inputs);
    const ready = await watch(watched, { timeoutSeconds, ...run });
    return { ...inputs, [kind.output]: await kind.finish(ready, inputs, run) };
  };
  return {
    identity: ["namespace", kind.nameInput],
    content: kind.content,
    computed: [kind.output],

    async create(inputs, run) {
      const { namespace, name } = nameOf(inputs);
      return { id: `${namespace}/${name}`, outs: await watchIt(inputs, run) };
    },

    async update(inputs, _state, run) {
      return { outs: await watchIt(inputs, run) };
    },

    async exists(state) {
      const cluster = await Cluster.connect(state);
      return isStillThere(async () => {
        const value = await kind.current(cluster, nameOf(state).name);
        return value !== undefined && value === state[kind.output];
      });
    },

    delete: () => Promise.resolve(),
  };
}
