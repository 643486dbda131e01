import type { AnyMethod, Method } from "../core/method.js";
import type { ServerListener, ServerStream } from "./server-stream.js";

/** Serves one method. Called for each incoming call, with an empty stack; returns the listener of the call. */
export interface MethodServer<In = unknown, OutInit = never> {
  /** The method that it serves. */
  readonly method: Method<AnyMethod["kind"], In, never, unknown, OutInit>;
  /** A call has begun. Called once for each. */
  accept(stream: ServerStream<In, OutInit>): ServerListener;
}

/** The methods of a server by path; what a server-side transport looks calls up in. */
export type MethodServers = ReadonlyMap<string, MethodServer>;
