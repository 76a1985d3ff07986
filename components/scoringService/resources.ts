import * as v from "valibot";
import { message, section, string, withDefault } from "../config/schema";
import { parseQuantity } from "./quantity";

function quantity(example: string) {
  return v.pipe(
    string(),
    v.check(
      (value) => parseQuantity(value) !== undefined,
      message("must be a Kubernetes quantity above zero", `write it like "${example}"`),
    ),
    v.metadata({ type: "quantity" }),
  );
}

function amounts(cpu: string, memory: string, what: string) {
  return section({
    cpu: withDefault(quantity("500m"), cpu, { meaning: `CPU cores ${what}` }),
    memory: withDefault(quantity("512Mi"), memory, { meaning: `bytes of memory ${what}` }),
  });
}

/** CPU and memory of a pod, as Kubernetes quantities. */
export type ResourceAmounts = v.InferOutput<ReturnType<typeof amounts>>;

// v1's requests (0.1 core, 0.5 GB); the limits leave room for a second core of BLAS.
const requests = amounts("100m", "512Mi", "that a node must have free for each pod");
const limits = amounts("1", "1Gi", "that a pod may use at most");

/** `resources` of a service. */
export const resources = section(
  {
    requests: withDefault(requests, {}, { meaning: "what each pod is sure to get" }),
    limits: withDefault(limits, {}, { meaning: "what each pod gets at most" }),
  },
  ({ values, report }) => {
    for (const key of ["cpu", "memory"] as const) {
      const request = values.requests?.[key];
      const limit = values.limits?.[key];
      if (request === undefined || limit === undefined) continue;
      if ((parseQuantity(request) ?? 0) <= (parseQuantity(limit) ?? 0)) continue;
      report({
        path: ["requests", key],
        value: request,
        rule: `must not be above the limit (${request} > ${limit})`,
        remedy: "lower the request or raise the limit",
      });
    }
  },
);
