import { setTimeout as delay } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { type CallOptions, type Channel, type ClientCall, type MessageReceiver, Metadata } from "gen-stubs-runtime";
import type {
  ClientCompatRequest,
  ClientResponseResult,
} from "../../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { ClientResponseResultSchema } from "../../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { Compression, StreamType } from "../../gen/connectrpc/conformance/v1/config_pb.js";
import { ConformanceServiceClient } from "../../gen/connectrpc/conformance/v1/service_grpc.js";
import {
  BidiStreamRequestSchema,
  ClientStreamRequestSchema,
  type ConformancePayload,
  ConformancePayloadSchema,
  IdempotentUnaryRequestSchema,
  ServerStreamRequestSchema,
  UnaryRequestSchema,
  UnimplementedRequestSchema,
} from "../../gen/connectrpc/conformance/v1/service_pb.js";
import { addHeaders, toConformanceError, toHeaders } from "./convert.js";

const COMPRESSIONS: ReadonlyMap<Compression, "gzip" | "deflate"> = new Map([
  [Compression.GZIP, "gzip"],
  [Compression.DEFLATE, "deflate"],
]);

/** Makes the call a test case describes, and tells what came of it. */
export async function invoke(channel: Channel, request: ClientCompatRequest): Promise<ClientResponseResult> {
  const result = create(ClientResponseResultSchema);
  const controller = new AbortController();
  const options: CallOptions = {
    metadata: addHeaders(request.requestHeaders, new Metadata()),
    signal: controller.signal,
    timeoutMs: request.timeoutMs,
    compression: COMPRESSIONS.get(request.compression) ?? "identity",
    onHeader: (header) => {
      result.responseHeaders = toHeaders(header);
    },
    onTrailer: (trailer) => {
      result.responseTrailers = toHeaders(trailer);
    },
  };
  try {
    await run(new ConformanceServiceClient(channel), request, options, controller, result);
  } catch (error) {
    result.error = toConformanceError(error);
  }
  return result;
}

async function run(
  client: ConformanceServiceClient,
  request: ClientCompatRequest,
  options: CallOptions,
  controller: AbortController,
  result: ClientResponseResult,
): Promise<void> {
  const cancel = () => controller.abort();
  const timing = request.cancel?.cancelTiming;
  /** Called once the sending side is closed. */
  const afterClose = async (): Promise<void> => {
    if (request.cancel === undefined || timing?.case === "afterNumResponses") return;
    const ms = timing?.case === "afterCloseSendMs" ? timing.value : 0;
    if (ms > 0) await delay(ms);
    cancel();
  };
  const add = (payload: ConformancePayload | undefined): void => {
    result.payloads.push(payload ?? create(ConformancePayloadSchema));
    if (timing?.case === "afterNumResponses" && result.payloads.length === timing.value) cancel();
  };

  switch (request.streamType) {
    case StreamType.UNARY: {
      const response = unary(client, request, options);
      const cancelled = afterClose();
      // The rejection is awaited below.
      response.catch(() => {});
      await cancelled;
      return add((await response).payload);
    }
    case StreamType.SERVER_STREAM: {
      const message = required(
        request.requestMessages[0] && anyUnpack(request.requestMessages[0], ServerStreamRequestSchema),
      );
      const call = client.serverStream(message, options);
      await afterClose();
      return drain(call, add);
    }
    case StreamType.CLIENT_STREAM: {
      const call = client.clientStream(options);
      const messages = request.requestMessages.map((any) => required(anyUnpack(any, ClientStreamRequestSchema)));
      await sendEach(messages, request, result, (message) => call.send(message));
      if (timing?.case === "beforeCloseSend") cancel();
      const response = call.closeAndRecv();
      response.catch(() => {});
      if (timing?.case !== "beforeCloseSend") await afterClose();
      return add((await response).payload);
    }
    case StreamType.HALF_DUPLEX_BIDI_STREAM:
    case StreamType.FULL_DUPLEX_BIDI_STREAM: {
      const call = client.bidiStream(options);
      const messages = request.requestMessages.map((any) => required(anyUnpack(any, BidiStreamRequestSchema)));
      let ended = false;
      await sendEach(messages, request, result, async (message) => {
        const sent = await call.send(message);
        if (sent && !ended && request.streamType === StreamType.FULL_DUPLEX_BIDI_STREAM) {
          const response = await call.recv();
          if (response === undefined) ended = true;
          else add(response.payload);
        }
        return sent;
      });
      if (timing?.case === "beforeCloseSend") {
        cancel();
      } else {
        await call.closeSend();
        await afterClose();
      }
      return drain(call, add);
    }
    default:
      throw new Error(`stream type ${request.streamType}`);
  }
}

function unary(client: ConformanceServiceClient, request: ClientCompatRequest, options: CallOptions) {
  const any = required(request.requestMessages[0]);
  switch (request.method) {
    case "Unimplemented":
      return client
        .unimplemented(required(anyUnpack(any, UnimplementedRequestSchema)), options)
        .then(() => ({ payload: undefined }));
    case "IdempotentUnary":
      return client.idempotentUnary(required(anyUnpack(any, IdempotentUnaryRequestSchema)), options);
    default:
      return client.unary(required(anyUnpack(any, UnaryRequestSchema)), options);
  }
}

async function sendEach<Message>(
  messages: readonly Message[],
  request: ClientCompatRequest,
  result: ClientResponseResult,
  send: (message: Message) => Promise<boolean>,
): Promise<void> {
  for (const [index, message] of messages.entries()) {
    if (request.requestDelayMs > 0) await delay(request.requestDelayMs);
    result.numUnsentRequests = messages.length - index;
    if (!(await send(message))) return;
  }
  result.numUnsentRequests = 0;
}

async function drain(
  call: ClientCall & MessageReceiver<{ payload?: ConformancePayload | undefined }>,
  add: (payload: ConformancePayload | undefined) => void,
): Promise<void> {
  for await (const { payload } of call) add(payload);
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the test case has no message of the method's type");
  return value;
}
