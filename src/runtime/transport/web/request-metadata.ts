import { Metadata } from "../../core/metadata.js";
import { isReserved } from "../../wire/metadata-headers.js";
import type { Headers } from "./exchange.js";

/** What Connect, gRPC-Web and HTTP itself use beside gRPC's own names: not shown to handlers. */
const PROTOCOL = new Set([
  "accept-encoding",
  "connect-accept-encoding",
  "connect-content-encoding",
  "connect-protocol-version",
  "connect-timeout-ms",
  "content-encoding",
  "http2-settings",
  "trailer",
  "x-grpc-web",
]);

/** The metadata of a request by any of the doors: what browsers send by themselves, cookies for one, is in it. */
export function readWebMetadata(headers: Headers): Metadata {
  const metadata = new Metadata();
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const key = headers[at]!;
    if (key.startsWith(":") || PROTOCOL.has(key) || (isReserved(key) && key !== "user-agent")) continue;
    metadata.addReceived(key, headers[at + 1]!);
  }
  return metadata;
}

/** Whether an answer's metadata must leave this name to the protocols. */
export function isProtocolHeader(key: string): boolean {
  return PROTOCOL.has(key) || isReserved(key);
}
