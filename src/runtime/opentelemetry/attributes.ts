import type { Attributes } from "@opentelemetry/api";
import type { AnyMethod } from "../core/method.js";
import { status } from "../core/status.js";

/**
 * Names of OpenTelemetry's semantic conventions 1.45 for RPC, where they became stable.
 * @see https://opentelemetry.io/docs/specs/semconv/rpc/
 */
const SYSTEM = "rpc.system.name";
const METHOD = "rpc.method";
const STATUS_CODE = "rpc.status_code";
const ERROR_TYPE = "error.type";

/** Names of our own, because the conventions have none for the number of messages of a call. */
export const SENT = "gen_stubs.messages.sent";
export const RECEIVED = "gen_stubs.messages.received";

/** Status codes that count as errors of the server. On a server's span the others are answers, like OK. */
const SERVER_FAULTS: ReadonlySet<status> = new Set([
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.UNIMPLEMENTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

/** The method as spans and metrics name it: `weather.v1.Weather/Now`. */
export function methodName(method: AnyMethod): string {
  return method.path.slice(1);
}

export function callAttributes(method: AnyMethod): Attributes {
  return { [SYSTEM]: "grpc", [METHOD]: methodName(method) };
}

/** `server.address` and `server.port` of `host:port`, `[v6]:port` or a socket's path. */
export function addressAttributes(prefix: "server" | "client" | "network.peer", address: string): Attributes {
  if (address === "unknown" || address === "") return {};
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(address) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || port === undefined) return { [`${prefix}.address`]: address };
  return { [`${prefix}.address`]: host, [`${prefix}.port`]: Number(port) };
}

export function isError(side: "client" | "server", code: status): boolean {
  return side === "client" ? code !== status.OK : SERVER_FAULTS.has(code);
}

export function statusAttributes(side: "client" | "server", code: status): Attributes {
  const name = status[code];
  return isError(side, code) ? { [STATUS_CODE]: name, [ERROR_TYPE]: name } : { [STATUS_CODE]: name };
}
