// Fixed parts of Pulumi's wire protocol.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** A secret as it is sent to the engine: wrapped, so that the state holds no plain text. */
export function secret(value: unknown): object {
  return { [SIGNATURE]: SECRET_SIGNATURE, value };
}

/** A value as JSON without what is marked as secret in it. */
export function inClear(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && SIGNATURE in item ? undefined : item,
  );
}

/** Values as a Secret of Kubernetes has them. */
export function inBase64(values: Readonly<Record<string, string>>): Record<string, string> {
  const encoded = Object.entries(values).map(([key, value]) => [
    key,
    Buffer.from(value).toString("base64"),
  ]);
  return Object.fromEntries(encoded) as Record<string, string>;
}
