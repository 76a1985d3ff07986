/**
 * A small harness over Pulumi's provider protocol (pulumirpc.ResourceProvider), for plugins in
 * TypeScript that need what `main()` of "@pulumi/pulumi/provider" leaves out: configuration of the
 * provider, secrets, previews of create and update, detailed diffs, time-outs, cancellation, status
 * lines beside a resource, and resources that exist but failed to become ready.
 *
 * How to write a plugin:
 *
 *   // main.ts, started by an executable `pulumi-resource-NAME` that runs `exec sh ../protocol/launch`
 *   void serve({
 *     name: "NAME", version: "1.2.3",
 *     configure: async ({ inputs }) => { ... },              // provider arguments, secrets unwrapped by reveal()
 *     check: async ({ type, news }) => ({ inputs: news, failures: [{ property, reason }] }),
 *     diff: async ({ oldInputs, news }) => diffOf(compare(oldInputs, news), { replaceOn: ["location"] }),
 *     create: async ({ inputs, preview }, { signal, log }) => ({ id, outputs }),
 *     read, update, delete, invoke: ...                      // all optional but those three
 *   });
 *
 * Values: property bags are plain JSON in which {@link Secret} and {@link UNKNOWN} may appear anywhere;
 * `reveal(value)` strips secrets, `hasUnknown(value)` asks for unknowns, `hideLike(outputs, inputs)`
 * marks outputs secret where the inputs of the same path are. The engine adds no secretness itself
 * (acceptSecrets): what must be secret in the state has to be wrapped by the plugin.
 * Errors: throw an Error and its message is what the user reads; throw {@link InitializationError} for a
 * resource that exists but is not ready: it is kept in the state and the next `up` repairs it;
 * {@link UnknownTypeError} for a type or function that is not offered.
 */
export { compare, diffOf, type Change, type Diff, type ReplaceRules } from "./diff";
export { InitializationError } from "./errors";
export type * from "./provider";
export { serve } from "./serve";
export { UnknownTypeError } from "./unknownTypeError";
export {
  hasUnknown,
  hideLike,
  isMap,
  reveal,
  revealMap,
  Secret,
  UNKNOWN,
  Unknown,
  type PropertyMap,
  type PropertyValue,
} from "./value";
