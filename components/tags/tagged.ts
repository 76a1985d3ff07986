type Tags = Readonly<Record<string, string>>;

/** Tags as a resource takes them. Where there are none, nothing is sent: plugins see a change in what is empty. */
export function tagged(tags: Tags): { readonly tags?: Tags } {
  return Object.keys(tags).length === 0 ? {} : { tags };
}
