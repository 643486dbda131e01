import type { ServiceDescriptor } from "./descriptor.js";
import type { AnyMethod } from "./method.js";

/**
 * A service as a server needs it: its methods, and (as a type only) what implements them.
 */
export interface Service<Handlers = unknown> {
  /** The full name, `package.Service`. */
  readonly typeName: string;
  /** Handler name (`listFeatures`) and method. A Map, so that no rpc name can hit `Object.prototype`. */
  readonly methods: ReadonlyMap<string, AnyMethod>;
  /** protobuf-es's descriptor of the service (a `DescService`); undefined for messages of ts-proto. */
  readonly descriptor?: ServiceDescriptor | undefined;
  /** Carries the type of the handlers; no value has it. Named by a string, as a symbol would differ between copies of this package. */
  readonly "~handlers"?: (handlers: Handlers) => void;
}
