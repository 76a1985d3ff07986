/** What needs no quotes in a Dockerfile, as in the name of an image. */
const PLAIN = /^[\w./:@+-]+$/;

/** A value as a Dockerfile writes it. A string there has one line: ends of lines become spaces. */
function literal(value: string): string {
  if (PLAIN.test(value)) return value;
  const escaped = value.replace(/["\\$]/g, (character) => `\\${character}`);
  return `"${escaped.replace(/\s*\n\s*/g, " ")}"`;
}

/**
 * A Dockerfile with values for its arguments, as if they were given to the build.
 *
 * @throws Error naming an argument that the Dockerfile does not have.
 */
export function withArguments(
  dockerfile: string,
  values: Readonly<Record<string, string>>,
): string {
  return Object.entries(values).reduce((text, [name, value]) => {
    const declaration = new RegExp(`^ARG ${name}(=.*)?$`, "gm");
    if (text.search(declaration) === -1) throw new Error(`the Dockerfile has no argument ${name}`);
    return text.replace(declaration, () => `ARG ${name}=${literal(value)}`);
  }, dockerfile);
}
