import type { MessageHandler } from "@nestjs/microservices";
import type { ServerCall, ServerDuplex, ServerReader, ServerWriter } from "../call/server/types.js";
import type { ForeignMetadata, Metadata } from "../core/metadata.js";
import type { AnyMethod } from "../core/method.js";
import { HandledCall, type NestCall } from "./call.js";
import { errorOfFilter } from "./errors.js";
import { pacing } from "./paced.js";
import { RequestStream } from "./request-stream.js";
import { oneResponse, ResponseStream } from "./responses.js";
import { StreamCall } from "./stream-call.js";

/** What handlers of Nest are called by. */
export interface HandlerRules {
  /** The metadata as handlers get it. */
  readonly metadata: (metadata: Metadata) => Metadata | ForeignMetadata;
  /** Responses of an observable that may wait for the client. */
  readonly maxWaitingResponses: number;
  /** Runs one call within Nest's hooks. */
  readonly around: <Result>(call: NestCall, run: () => Promise<Result>) => Promise<Result>;
}

type Received = ServerReader<unknown, unknown> | ServerDuplex<unknown, unknown>;

/** One of our handlers that calls one of Nest's, whose guards, pipes, interceptors and filters are within it. */
export function handlerOf(method: AnyMethod, handler: MessageHandler, streamed: boolean, rules: HandlerRules): unknown {
  if (streamed) return (call: Received) => passThrough(call, handler, rules);
  switch (method.kind) {
    case "unary":
      return async (request: unknown, serverCall: ServerCall): Promise<unknown> => {
        const call = new HandledCall(serverCall, rules.metadata(serverCall.metadata), request);
        return await rules.around(call, async () => {
          const outcome = await invoked(handler, request, call);
          return messageOf(method, await oneResponse(outcome, "first", serverCall));
        });
      };
    case "server_streaming":
      return async (request: unknown, serverCall: ServerWriter<unknown>): Promise<void> => {
        const call = new HandledCall(serverCall, rules.metadata(serverCall.metadata), request);
        const responses = new ResponseStream(serverCall, rules.maxWaitingResponses);
        const run = async (): Promise<void> => await responses.send(await invoked(handler, request, call));
        await rules.around(call, () => pacing(responses.room, run));
      };
    case "client_streaming":
      return async (serverCall: ServerReader<unknown, unknown>): Promise<unknown> => {
        const call = new HandledCall(serverCall, rules.metadata(serverCall.metadata), undefined);
        const requests = new RequestStream(serverCall, () => undefined);
        return await rules.around(call, async () => {
          const outcome = await invoked(handler, requests, call);
          return messageOf(method, await oneResponse(outcome, "last", serverCall));
        });
      };
    case "bidi_streaming":
      return async (serverCall: ServerDuplex<unknown, unknown>): Promise<void> => {
        const call = new HandledCall(serverCall, rules.metadata(serverCall.metadata), undefined);
        const responses = new ResponseStream(serverCall, rules.maxWaitingResponses);
        const requests = new RequestStream(serverCall, responses.room);
        const run = async (): Promise<void> => await responses.send(await invoked(handler, requests, call));
        await rules.around(call, () => pacing(responses.room, run));
      };
  }
}

/** Hands the call itself to a handler of `@GrpcStreamCall`, with a callback where there is one response. */
async function passThrough(serverCall: Received, handler: MessageHandler, rules: HandlerRules): Promise<unknown> {
  const call = new StreamCall(serverCall, rules.metadata(serverCall.metadata));
  return await rules.around(call, async () => {
    if ("send" in serverCall) {
      const outcome = Promise.resolve((handler as AnyHandler)(call));
      await Promise.race([call.done, failureOf(outcome, serverCall)]);
      return undefined;
    }
    const answered = new Promise<unknown>((resolve, reject) => {
      const callback = (error: unknown, response?: unknown, trailer?: Metadata | ForeignMetadata | null): void => {
        if (trailer !== undefined && trailer !== null) serverCall.trailer.merge(trailer);
        if (error === undefined || error === null) resolve(response);
        else reject(errorOfFilter(error));
      };
      call.done.catch(reject);
      failureOf(Promise.resolve((handler as AnyHandler)(call, callback)), serverCall).catch(reject);
    });
    return messageOf(serverCall.method, await answered);
  });
}

/** Nest's handlers take more arguments than its type for all transports says. */
type AnyHandler = (...args: unknown[]) => unknown;

/** Calls the handler; what it rejects with is the status. */
async function invoked(handler: MessageHandler, data: unknown, call: NestCall): Promise<unknown> {
  try {
    return await (handler as AnyHandler)(data, call.metadata, call);
  } catch (error) {
    throw errorOfFilter(error);
  }
}

/** Rejects where what the handler gave fails, and settles in no other way: its stream or its callback ends the call. */
async function failureOf(outcome: Promise<unknown>, call: ServerCall): Promise<never> {
  const given = await outcome.catch((error: unknown) => {
    throw errorOfFilter(error);
  });
  await oneResponse(given, "last", call);
  return await new Promise<never>(() => {});
}

/**
 * A handler that returns nothing answers with an empty message where that is the response, as on Nest's transport: of the type
 * `google.protobuf.Empty`, or another `Empty`, as many schemas have.
 */
function messageOf(method: AnyMethod, value: unknown): unknown {
  return value === undefined && /(?:^|\.)Empty$/.test(method.response.typeName) ? {} : value;
}
