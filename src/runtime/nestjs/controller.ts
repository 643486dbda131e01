import { UseFilters } from "@nestjs/common";
import { GrpcMethod, GrpcStreamMethod } from "@nestjs/microservices";
import type { AnyMethod } from "../core/method.js";
import type { Service } from "../core/service.js";
import type { ControllerOf } from "./controller-types.js";
import { copyMetadata } from "./copy-metadata.js";
import { paced } from "./paced.js";
import { RpcErrorFilter } from "./rpc-error-filter.js";

/**
 * Makes the methods of a controller those of a service: a typed `@GrpcMethod` or `@GrpcStreamMethod` on each, whichever its kind asks
 * for. The compiler checks names, requests and responses against the generated handlers. Where `only` names some, the controller
 * has those, and others have the rest.
 *
 * An `async *` method is sent as its client takes it, and interceptors and filters see each message and what it throws. An RpcError that a
 * method throws is the status of its call.
 *
 * @example
 * ```ts
 * @Controller()
 * @GrpcController(WeatherService)
 * export class WeatherController implements ControllerOf<WeatherHandlers> {
 *   now({ name }: Place) { return { place: name, celsius: 21 }; }
 *   async *watch({ name }: Place) { … }
 * }
 * ```
 *
 * @throws TypeError where the class lacks a method, or the service has none of a name
 */
export function GrpcController<Handlers, Names extends keyof Handlers & string = keyof Handlers & string>(
  service: Service<Handlers>,
  ...only: readonly Names[]
): (controller: abstract new (...args: never[]) => Pick<ControllerOf<Handlers>, Names>) => void {
  return (controller) => {
    for (const name of only) {
      if (!service.methods.has(name)) throw new TypeError(`${service.typeName} has no method "${name}"`);
    }
    for (const [name, method] of service.methods) {
      if (only.length === 0 || (only as readonly string[]).includes(name)) declare(controller, name, method);
    }
    UseFilters(new RpcErrorFilter())(controller);
  };
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

function declare(controller: abstract new (...args: never[]) => unknown, name: string, method: AnyMethod): void {
  const prototype: object = controller.prototype;
  const found: unknown = Reflect.get(prototype, name);
  if (typeof found !== "function")
    throw new TypeError(`${controller.name} lacks the method "${name}" (${method.path})`);
  const handler = found as AnyFunction; // which arguments it takes the compiler has checked
  const [, service = "", rpc = ""] = method.path.split("/");
  const { kind } = method;
  const streamsBack = kind === "server_streaming" || kind === "bidi_streaming";
  const value = streamsBack ? copyMetadata(handler, pacedResult(handler)) : copyMetadata(handler, calling(handler));
  const descriptor: TypedPropertyDescriptor<AnyFunction> = {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  };
  const decorate = kind === "client_streaming" || kind === "bidi_streaming" ? GrpcStreamMethod : GrpcMethod;
  decorate(service, rpc)(prototype, name, descriptor);
  Object.defineProperty(prototype, name, descriptor);
}

/** A function of its own for each controller: what Nest notes of it must not be noted of a class above. */
function calling(handler: AnyFunction): AnyFunction {
  return function (...args) {
    return handler.apply(this, args);
  };
}

function pacedResult(handler: AnyFunction): AnyFunction {
  return function (...args) {
    return paced(handler.apply(this, args));
  };
}
