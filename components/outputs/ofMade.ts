import type * as pulumi from "@pulumi/pulumi";

/**
 * Reads an output of a resource. What `--target` leaves out and was never made has no outputs, not
 * even in an `up`: what is read of it is undefined then, and reaches nothing that is made.
 *
 * What `read` returns must hang on nothing but this output: in a preview that does not know it yet
 * `read` is not called, and a saved plan would hold other dependencies than the `up`.
 */
export function ofMade<T, U>(
  output: pulumi.Output<T>,
  read: (value: T) => pulumi.Input<U>,
): pulumi.Output<U> {
  const isMade = (value: T) => value !== undefined && value !== null && value !== "";
  return output.apply((value) => (isMade(value) ? read(value) : undefined)) as pulumi.Output<U>;
}
