import { setTimeout as delay } from "node:timers/promises";
import { type Any, anyPack } from "@bufbuild/protobuf/wkt";
import type { ServerCall, ServerDuplex } from "gen-stubs-runtime";
import { Metadata } from "gen-stubs-runtime";
import {
  type ConformanceServiceHandlers,
  UnimplementedConformanceService,
} from "../../gen/connectrpc/conformance/v1/service_grpc.js";
import {
  type BidiStreamRequest,
  BidiStreamRequestSchema,
  type ClientStreamRequest,
  ClientStreamRequestSchema,
  ConformancePayload_RequestInfoSchema,
  type Header,
  IdempotentUnaryRequestSchema,
  ServerStreamRequestSchema,
  type StreamResponseDefinition,
  UnaryRequestSchema,
  type UnaryResponseDefinition,
} from "../../gen/connectrpc/conformance/v1/service_pb.js";
import { addHeaders, requestInfo, toRpcError } from "./convert.js";

interface Payload {
  data?: Uint8Array;
  requestInfo?: ReturnType<typeof requestInfo>;
}

/** Sends the headers asked for, at once, and notes the trailers. */
function prepare(call: ServerCall, definition: { responseHeaders: Header[]; responseTrailers: Header[] } | undefined) {
  call.sendHeader(addHeaders(definition?.responseHeaders ?? [], new Metadata()));
  addHeaders(definition?.responseTrailers ?? [], call.trailer);
}

/** The one payload of a unary or client-streaming call. Throws the error asked for. */
async function single(
  call: ServerCall,
  timeoutMs: number,
  definition: UnaryResponseDefinition | undefined,
  requests: Any[],
) {
  const info = requestInfo(call.metadata, timeoutMs, requests);
  prepare(call, definition);
  if (definition !== undefined && definition.responseDelayMs > 0) await delay(definition.responseDelayMs);
  const response = definition?.response;
  if (response?.case === "error") {
    throw toRpcError(response.value, [anyPack(ConformancePayload_RequestInfoSchema, info)]);
  }
  return { requestInfo: info, ...(response?.case === "responseData" ? { data: response.value } : {}) };
}

/** Sends the responses asked for; the first of them tells of the request. Throws the error asked for. */
async function stream(
  call: ServerCall & { send(message: { payload: Payload }): Promise<boolean> },
  definition: StreamResponseDefinition | undefined,
  info: ReturnType<typeof requestInfo>,
): Promise<void> {
  if (definition === undefined) return;
  for (const [index, data] of definition.responseData.entries()) {
    if (definition.responseDelayMs > 0) await delay(definition.responseDelayMs);
    await call.send({ payload: index === 0 ? { data, requestInfo: info } : { data } });
  }
  if (definition.error !== undefined) {
    const untold = definition.responseData.length === 0 ? [anyPack(ConformancePayload_RequestInfoSchema, info)] : [];
    throw toRpcError(definition.error, untold);
  }
}

/** Answers each request with one response, as long as there are responses. */
async function fullDuplex(
  call: ServerDuplex<BidiStreamRequest, { payload: Payload }>,
  timeoutMs: number,
  first: BidiStreamRequest,
): Promise<void> {
  const definition = first.responseDefinition;
  let sent = 0;
  let request: BidiStreamRequest | undefined = first;
  for (; request !== undefined; request = await call.recv()) {
    const requests = [anyPack(BidiStreamRequestSchema, request)];
    const info = requestInfo(
      sent === 0 ? call.metadata : new Metadata(),
      sent === 0 ? timeoutMs : Number.POSITIVE_INFINITY,
      requests,
    );
    const data = definition?.responseData[sent];
    if (data === undefined) {
      if (definition?.error === undefined) return;
      throw toRpcError(definition.error, sent === 0 ? [anyPack(ConformancePayload_RequestInfoSchema, info)] : []);
    }
    if (definition !== undefined && definition.responseDelayMs > 0) await delay(definition.responseDelayMs);
    await call.send({ payload: { data, requestInfo: info } });
    sent++;
  }
  for (const data of definition?.responseData.slice(sent) ?? []) {
    if (definition !== undefined && definition.responseDelayMs > 0) await delay(definition.responseDelayMs);
    await call.send({ payload: { data } });
  }
  if (definition?.error !== undefined) throw toRpcError(definition.error, []);
}

/** What the conformance suite's reference client calls. */
export class ConformanceHandlers extends UnimplementedConformanceService implements ConformanceServiceHandlers {
  override unary: ConformanceServiceHandlers["unary"] = async (request, call) => {
    const requests = [anyPack(UnaryRequestSchema, request)];
    return { payload: await single(call, call.timeoutMs(), request.responseDefinition, requests) };
  };

  override idempotentUnary: ConformanceServiceHandlers["idempotentUnary"] = async (request, call) => {
    const requests = [anyPack(IdempotentUnaryRequestSchema, request)];
    const info = await single(call, call.timeoutMs(), request.responseDefinition, requests);
    return { payload: info };
  };

  override serverStream: ConformanceServiceHandlers["serverStream"] = async (request, call) => {
    const definition = request.responseDefinition;
    const info = requestInfo(call.metadata, call.timeoutMs(), [anyPack(ServerStreamRequestSchema, request)]);
    prepare(call, definition);
    await stream(call, definition, info);
  };

  override clientStream: ConformanceServiceHandlers["clientStream"] = async (call) => {
    const timeoutMs = call.timeoutMs();
    const requests: ClientStreamRequest[] = [];
    for await (const request of call) requests.push(request);
    const packed = requests.map((request) => anyPack(ClientStreamRequestSchema, request));
    await call.sendAndClose({ payload: await single(call, timeoutMs, requests[0]?.responseDefinition, packed) });
  };

  override bidiStream: ConformanceServiceHandlers["bidiStream"] = async (call) => {
    const timeoutMs = call.timeoutMs();
    const first = await call.recv();
    prepare(call, first?.responseDefinition);
    if (first === undefined) return;
    if (first.fullDuplex) return fullDuplex(call, timeoutMs, first);
    const requests = [anyPack(BidiStreamRequestSchema, first)];
    for await (const request of call) requests.push(anyPack(BidiStreamRequestSchema, request));
    await stream(call, first.responseDefinition, requestInfo(call.metadata, timeoutMs, requests));
  };
}
