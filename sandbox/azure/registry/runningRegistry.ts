/** Files and address of one registry. */
export interface RunningRegistry {
  readonly name: string;
  /** `host:port` of the front: the login server. */
  readonly loginServer: string;
  /** Unix socket of docker-registry, in a folder that only this user may enter. */
  readonly socketPath: string;
  /** Folder in which docker-registry keeps repositories. */
  readonly repositories: string;
}
