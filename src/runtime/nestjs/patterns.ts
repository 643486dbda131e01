import type { MessageHandler } from "@nestjs/microservices";
import type { AnyMethod } from "../core/method.js";

/** How the handler of a method was declared, by the names Nest gives in its patterns (`GrpcMethodStreamingType`). */
export type HandlerStyle = "no_stream" | "rx_stream" | "pt_stream";

/** A handler of the application, and the style in which it was declared. */
export interface FoundHandler {
  readonly handler: MessageHandler;
  readonly style: HandlerStyle;
  /** The key under which it was registered. */
  readonly pattern: string;
}

/** What `@GrpcMethod`, `@GrpcStreamMethod` and `@GrpcStreamCall` register: a pattern of three texts, in this order. */
export function patternOf(service: string, rpc: string, streaming: HandlerStyle): string {
  return JSON.stringify({ service, rpc, streaming });
}

/**
 * The handler of a method. The service may be named in full or without (the beginning of) its package, as Nest allows. Requests
 * that stream go to `@GrpcStreamMethod` first, then to `@GrpcStreamCall`.
 */
export function findHandler(
  method: AnyMethod,
  handlers: ReadonlyMap<string, MessageHandler>,
): FoundHandler | undefined {
  const [, service = "", rpc = ""] = method.path.split("/");
  const streams = method.kind === "client_streaming" || method.kind === "bidi_streaming";
  const styles: readonly HandlerStyle[] = streams ? ["rx_stream", "pt_stream"] : ["no_stream"];
  for (const style of styles) {
    for (const name of namesOf(service)) {
      const pattern = patternOf(name, rpc, style);
      const handler = handlers.get(pattern);
      if (handler !== undefined) return { handler, style, pattern };
    }
  }
  return undefined;
}

/** `a.b.C`, `b.C`, `C`. */
function namesOf(service: string): string[] {
  const parts = service.split(".");
  return parts.map((_, index) => parts.slice(index).join("."));
}
