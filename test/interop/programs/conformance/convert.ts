import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { Metadata, type MetadataValue, RpcError, status } from "gen-stubs-runtime";
import type { Code } from "../../gen/connectrpc/conformance/v1/config_pb.js";
import {
  type Error as ConformanceError,
  type ConformancePayload_RequestInfo,
  ConformancePayload_RequestInfoSchema,
  ErrorSchema,
  type Header,
  HeaderSchema,
} from "../../gen/connectrpc/conformance/v1/service_pb.js";
import { StatusSchema } from "../../gen/google/rpc/status_pb.js";

function toCode(code: status): Code {
  return Number(code) as Code; // both have gRPC's numbers
}

const details = "grpc-status-details-bin";

/** Adds conformance headers to metadata. Binary values are base64 in them. */
export function addHeaders(headers: readonly Header[], metadata: Metadata): Metadata {
  for (const { name, value } of headers) {
    for (const one of value) metadata.add(name, name.endsWith("-bin") ? Buffer.from(one, "base64") : one);
  }
  return metadata;
}

export function toHeaders(metadata: Metadata | undefined): Header[] {
  return Object.keys(metadata?.getMap() ?? {}).map((name) =>
    create(HeaderSchema, { name, value: (metadata?.get(name) ?? []).map((value) => text(value)) }),
  );
}

function text(value: MetadataValue): string {
  return typeof value === "string" ? value : Buffer.from(value).toString("base64").replace(/=+$/, "");
}

/** The error a client reports for what a call ended with. */
export function toConformanceError(error: unknown): ConformanceError {
  if (!(error instanceof RpcError))
    return create(ErrorSchema, { code: toCode(status.UNKNOWN), message: String(error) });
  const [packed] = error.metadata.get(details);
  const unpacked = packed instanceof Uint8Array ? fromBinary(StatusSchema, packed).details : [];
  return create(ErrorSchema, { code: toCode(error.code), message: error.details, details: unpacked });
}

/** The error a server is asked to raise, with what it has to say of the request among its details. */
export function toRpcError(wanted: ConformanceError, more: readonly Any[]): RpcError {
  const all = [...wanted.details, ...more];
  const metadata = new Metadata();
  if (all.length > 0) {
    const packed = create(StatusSchema, { code: wanted.code, message: wanted.message ?? "", details: all });
    metadata.set(details, Buffer.from(toBinary(StatusSchema, packed)));
  }
  return new RpcError(Number(wanted.code), wanted.message ?? "", { metadata });
}

export function requestInfo(metadata: Metadata, timeoutMs: number, requests: Any[]): ConformancePayload_RequestInfo {
  return create(ConformancePayload_RequestInfoSchema, {
    requestHeaders: toHeaders(metadata),
    ...(Number.isFinite(timeoutMs) ? { timeoutMs: BigInt(Math.round(timeoutMs)) } : {}),
    requests,
  });
}
