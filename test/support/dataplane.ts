import { DataplaneProvider } from "../../dataplane/provider";

/** The data-plane provider with an engine that nobody looks at. */
export function dataplaneProvider(): DataplaneProvider {
  return new DataplaneProvider({ of: () => ({ info: () => undefined, status: () => undefined }) });
}
