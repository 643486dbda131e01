import type { Admission } from "./admission.js";
import type { ServerInterceptor } from "./interceptor.js";
import type { ServerCall } from "./types.js";

/** Called with errors of handlers that are hidden from the client. */
export type HandlerErrorListener = (error: unknown, call: ServerCall) => void;

/** What holds for all calls of a service. */
export interface ServiceRules {
  readonly onError: HandlerErrorListener;
  /** Around every call; the first is the outermost. */
  readonly interceptors: readonly ServerInterceptor[];
  /** What limits the calls that run at a time, where something does. */
  readonly admission?: Admission | undefined;
}
