/** A resource type or function that this plugin does not offer. */
export class UnknownTypeError extends Error {
  constructor(plugin: string, token: string, offered: readonly string[]) {
    super(`the ${plugin} plugin does not know "${token}"; it offers ${offered.join(", ")}`);
    this.name = "UnknownTypeError";
  }
}
