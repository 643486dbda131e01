import type { Observable } from "rxjs";
import type { ServerDuplex, ServerReader, ServerWriter } from "../call/server/types.js";
import type { Metadata } from "../core/metadata.js";
import type { NestCall } from "./call.js";
import type { RequestStream } from "./request-stream.js";

/** What a method with one response returns: the message, a promise or an observable of it. */
export type OneOutcome<OutInit> = OutInit | Promise<OutInit> | Observable<OutInit>;

/**
 * What a method with many responses returns: an observable, or an iterable, as an `async *` method is one. An iterable is asked for
 * the next message when the client has room for it; an observable cannot be asked to wait.
 */
export type ManyOutcome<OutInit> = Stream<OutInit> | Promise<Stream<OutInit>>;

/** What a method that answers with a stream may return in Nest. */
type Stream<OutInit> = Observable<OutInit> | AsyncIterable<OutInit> | Iterable<OutInit>;

/** A method of a controller, by the type of the generated handler. */
export type ControllerMethod<Handler> = Handler extends (...args: infer Args) => infer Result
  ? Args extends [infer In, infer Call]
    ? Call extends ServerWriter<infer OutInit>
      ? (request: In, metadata: Metadata, call: NestCall<In>) => ManyOutcome<OutInit>
      : (request: In, metadata: Metadata, call: NestCall<In>) => OneOutcome<Awaited<Result>>
    : Args extends [infer Call]
      ? Call extends ServerReader<infer In, infer OutInit>
        ? (requests: RequestStream<In>, metadata: Metadata, call: NestCall) => OneOutcome<OutInit>
        : Call extends ServerDuplex<infer In, infer OutInit>
          ? (requests: RequestStream<In>, metadata: Metadata, call: NestCall) => ManyOutcome<OutInit>
          : never
      : never
  : never;

/**
 * What a controller of Nest has for a service, by its generated handlers: the same names and messages, with Nest's arguments.
 *
 * @example
 * ```ts
 * class WeatherController implements ControllerOf<WeatherHandlers> { … }
 * ```
 */
export type ControllerOf<Handlers> = { [Name in keyof Handlers]: ControllerMethod<Handlers[Name]> };
