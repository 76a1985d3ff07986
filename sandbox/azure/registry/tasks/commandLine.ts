import type { BuildRequest } from "./runRequest";

const ESCAPED_BRACES = `{{"{{"}}`;

/** What a Go template is made of text that has nothing of one but escaped braces. */
function rendered(template: string): string {
  const parts = template.split(ESCAPED_BRACES);
  if (parts.some((part) => part.includes("{{"))) {
    throw new Error("error while rendering templates: the emulator knows no values for them");
  }
  return parts.join("{{");
}

/**
 * The command that Azure's builder gives to a shell. It joins the arguments as they came, takes the
 * line for a Go template, splits it at white space to put the registry before the names of images, and
 * joins it with single spaces: a value that shall arrive as it is has to be quoted for all of these.
 *
 * @see https://github.com/Azure/acr-builder (cmd/acb/commands/build, util/prefixes.go, builder/context.go)
 * @throws Error when the line is a template of something
 */
export function buildCommand(request: BuildRequest, loginServer: string): string {
  const { noCache, dockerFilePath, imageNames, platform } = request;
  const line = [
    ...(noCache ? ["--no-cache"] : []),
    ...["-f", dockerFilePath],
    ...imageNames.flatMap((name) => ["-t", name]),
    ...request.arguments.flatMap(({ name, value }) => ["--build-arg", `${name}=${value}`]),
    ...["--platform", `${platform.os.toLowerCase()}/${platform.architecture}`],
    ".",
  ].join(" ");
  const fields = rendered(line).split(/\s+/);
  const prefixed = fields.map((field, index) =>
    fields[index - 1] === "-t" && !field.startsWith(loginServer)
      ? `${loginServer}/${field}`
      : field,
  );
  return `docker build ${prefixed.join(" ")}`;
}
