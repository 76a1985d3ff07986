const RULE = "-".repeat(80);
const STATUS_TEXTS: Readonly<Record<number, string>> = { 400: "Bad Request", 401: "Unauthorized" };

/** A refused sign-in as the real plugin tells it: in the words of Azure's library for Go. */
export function signInError(url: string, status: number, body: string): Error {
  return new Error(
    [
      "ClientSecretCredential authentication failed. ",
      `POST ${url}`,
      RULE,
      `RESPONSE ${status}: ${status} ${STATUS_TEXTS[status] ?? ""}`,
      RULE,
      JSON.stringify(JSON.parse(body), undefined, 2),
      RULE,
      "To troubleshoot, visit https://aka.ms/azsdk/go/identity/troubleshoot#client-secret",
    ].join("\n"),
  );
}
