import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import { headersSize } from "../../wire/metadata-headers.js";
import type { HttpRequest } from "./call-protocol.js";
import { refusedHeader } from "./forbidden-headers.js";

/** Why a request is not sent: for the size of its headers, or for one that this platform's fetch leaves out. */
export function requestFault({ headers }: HttpRequest, maxMetadataBytes: number): StatusObject | undefined {
  const size = headersSize(headers);
  if (size > maxMetadataBytes) {
    const details = `the request's headers have ${size} bytes; the limit is ${maxMetadataBytes} bytes (maxMetadataBytes)`;
    return statusObject(status.RESOURCE_EXHAUSTED, details);
  }
  const refused = refusedHeader(headers);
  if (refused === undefined) return undefined;
  return statusObject(status.INTERNAL, `this platform's fetch does not send a header "${refused}"`);
}

/** A request as fetch takes it. */
export function fetchInit({ method, headers, body }: HttpRequest, signal: AbortSignal): RequestInit {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) pairs.push([headers[at]!, headers[at + 1]!]);
  const init: RequestInit = { method, headers: pairs, signal, redirect: "manual" };
  if (body !== undefined) init.body = body as NonNullable<RequestInit["body"]>; // bytes of our own are never in shared memory
  if (body instanceof ReadableStream) init.duplex = "half";
  return init;
}
