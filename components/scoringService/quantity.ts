const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];

/** Factor of a suffix; `e3` and `E3` are powers of ten, `E` alone is 10^18. */
function factorOf(suffix: string): number | undefined {
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  if (exponent !== undefined) return 10 ** Number(exponent);
  if (BINARY.includes(suffix)) return 1024 ** BINARY.indexOf(suffix);
  if (DECIMAL.includes(suffix)) return 1000 ** (DECIMAL.indexOf(suffix) - DECIMAL.indexOf(""));
  return undefined;
}

/**
 * Value of a Kubernetes quantity ("100m", "1.5", "512Mi", "1e3") in its base unit, cores or bytes,
 * by the grammar of the API server. No library on npm checks it: those that parse quantities take
 * for granted that they are valid.
 *
 * @returns undefined when the string is not a quantity or not above zero.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string): number | undefined {
  const match = /^(\+?(?:\d+\.?\d*|\.\d+))([a-zA-Z]*|[eE][+-]?\d+)$/.exec(text);
  const [, digits, suffix] = match ?? [];
  if (digits === undefined || suffix === undefined) return undefined;
  const factor = factorOf(suffix);
  const value = factor === undefined ? 0 : Number(digits) * factor;
  return value > 0 ? value : undefined;
}
