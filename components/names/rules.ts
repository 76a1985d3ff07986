/** A naming rule of Azure or Kubernetes: what is allowed, and how to say so. */
export interface NameRule {
  readonly pattern: RegExp;
  /** End of the sentence "must be …". */
  readonly rule: string;
}

/**
 * Names that the program lengthens with a suffix must leave room for it: the shortest limit is
 * the storage account's 24 characters, of which 8 are the suffix and 2 the kind.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
export const WORKSPACE_NAME: NameRule = {
  pattern: /^[a-z][a-z0-9-]{1,12}[a-z0-9]$/,
  rule: "must be 3 to 14 characters: lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
};

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
export const CLUSTER_NAME: NameRule = {
  pattern: /^[a-zA-Z0-9]([a-zA-Z0-9_-]{0,48}[a-zA-Z0-9])?$/,
  rule: "must be 1 to 50 characters: letters, digits, hyphens and underscores, starting and ending with a letter or digit",
};

/** Azure Machine Learning asset names. */
export const MODEL_NAME: NameRule = {
  pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/,
  rule: "must be 1 to 255 characters: letters, digits, hyphens and underscores, starting with a letter or digit",
};

/**
 * One path component of an OCI repository name, which is what an image's name becomes. Docker allows a
 * name of 255 characters with host, project and stack (see `repositoryFolder`), which leaves 90.
 */
export const IMAGE_NAME: NameRule = {
  pattern: /^(?=.{1,90}$)[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/,
  rule: "must be at most 90 characters: lower-case letters and digits, separated by single dots, underscores or hyphens",
};

/** RFC 1123 label: names of namespaces and services, v1's rule for both (at most 63 characters). */
export const DNS_LABEL: NameRule = {
  pattern: /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
  rule: "must be 1 to 63 characters: lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
};

/** @see https://learn.microsoft.com/azure/virtual-machines/sizes/overview */
export const VM_SIZE: NameRule = {
  pattern: /^Standard_[A-Za-z0-9_-]+$/,
  rule: 'must be an Azure VM size such as "Standard_D4s_v5"',
};
