import { Server, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Inputs } from "@pulumi/pulumi";
import type { ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb";
import { main, type Provider } from "@pulumi/pulumi/provider";

type Call = { readonly request: ConfigureRequest };
type Handler = (call: Call, callback: unknown) => void;

/** The service with its configuration read on the way, which the SDK's own answers without a look. */
function reading(
  service: UntypedServiceImplementation,
  configure: (inputs: Inputs) => void,
): UntypedServiceImplementation {
  const answer = (service.configure as Handler).bind(service);
  service.configure = ((call: Call, callback: unknown) => {
    configure(call.request.getArgs()?.toJavaScript() ?? {});
    answer(call, callback);
  }) as UntypedServiceImplementation[string];
  return service;
}

/**
 * Serves a provider that takes a configuration. The SDK has no way to hand it one, so the service is met
 * where it is added to the server.
 *
 * @param configure takes the configuration, secrets marked, before anything else is asked.
 */
export function serve(
  provider: Provider,
  args: string[],
  configure: (inputs: Inputs) => void,
): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the server below
  const { addService } = Server.prototype;
  Server.prototype.addService = function (definition, service) {
    addService.call(this, definition, reading(service, configure));
  };
  return main(provider, args);
}
