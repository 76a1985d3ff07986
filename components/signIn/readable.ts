// Azure's libraries tell a refusal over many lines, with request and answer.
const ANSWER = /"(?:error_description|message)":\s*"((?:[^"\\]|\\.)*)"/;
const PREFIX = /^(?:invocation of \S+ returned an error: |rpc error: code = \w+ desc = )+/;
const TRACE = /\s*(?:Trace ID|Correlation ID|Timestamp): .*$/;

function unescaped(text: string): string {
  return JSON.parse(`"${text}"`) as string;
}

/** What an error says, in one line: of an answer's body only the description. */
export function readable(message: string): string {
  const answer = ANSWER.exec(message)?.[1];
  const text = answer === undefined ? message.replace(PREFIX, "") : unescaped(answer);
  const line = text.replace(/\s+/g, " ").trim();
  return line.replace(TRACE, "").replace(/[.\s]+$/, "");
}
