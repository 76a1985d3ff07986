// What the program and the provider agree on. Beside it, only who signs in (`signIn/`) is the program's to know.

/** Types of the provider's resources. */
export const TYPES = {
  modelBlobs: "dataplane:index:ModelBlobs",
  imageBuild: "dataplane:index:ImageBuild",
  imageRepository: "dataplane:index:ImageRepository",
  imageRetention: "dataplane:index:ImageRetention",
  imageUse: "dataplane:index:ImageUse",
  clusterAccess: "dataplane:index:ClusterAccess",
  clusterOffer: "dataplane:index:ClusterOffer",
  storageSku: "dataplane:index:StorageSku",
  ownership: "dataplane:index:Ownership",
  fixedScale: "dataplane:index:FixedScale",
  rollout: "dataplane:index:Rollout",
  serviceAddress: "dataplane:index:ServiceAddress",
} as const;

/** Functions of the provider. */
export const FUNCTIONS = {
  registryCredentials: "dataplane:index:registryCredentials",
  namespace: "dataplane:index:namespace",
} as const;

/** One file to upload. */
export interface BlobFile {
  /** Path below the prefix. */
  readonly name: string;
  /** Path on this machine, relative to the program. */
  readonly source: string;
}

/** User name that goes with a token instead of a password. */
export const TOKEN_USER = "00000000-0000-0000-0000-000000000000";

/** User name and password for `docker push`. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/** What is known of a namespace. */
export interface NamespaceState {
  /** Absent when there is no such namespace, or the cluster cannot be asked. */
  readonly labels?: Readonly<Record<string, string>>;
}
