import { headerValue } from "../../wire/metadata-headers.js";
import type { Exchange } from "./exchange.js";
import type { ResolvedCors } from "./web-options.js";

/** What pages send for the protocols' sake: our own `fetchChannel`, connect-web and grpc-web. */
const PROTOCOL_REQUEST_HEADERS = [
  "content-encoding",
  "content-type",
  "connect-accept-encoding",
  "connect-content-encoding",
  "connect-protocol-version",
  "connect-timeout-ms",
  "grpc-accept-encoding",
  "grpc-encoding",
  "grpc-timeout",
  "x-grpc-web",
  "x-user-agent",
];

/** What pages must read of answers: trailers-only answers of gRPC-Web, compressions, details. */
const PROTOCOL_ANSWER_HEADERS = [
  "connect-content-encoding",
  "content-encoding",
  "grpc-encoding",
  "grpc-message",
  "grpc-status",
  "grpc-status-details-bin",
];

const NO_BODY = new Uint8Array(0);
const utf8 = new TextEncoder();

/**
 * Lets pages of allowed origins through and answers all others. True where it has answered: a preflight request, or one of a page that
 * may not call. What is no page sends no `Origin`.
 */
export function answeredByCors(exchange: Exchange, cors: ResolvedCors): boolean {
  const origin = headerValue(exchange.headers, "origin");
  if (origin === undefined) return false;
  // Caches must not give one origin's answer to another's page.
  exchange.answerHeaders.push("vary", "origin");
  const preflight =
    exchange.method === "OPTIONS" && headerValue(exchange.headers, "access-control-request-method") !== undefined;
  if (isOwn(origin, exchange.authority) && !preflight) return false;
  if (!cors.anyOrigin && !cors.origins.has(origin)) {
    const text = `Pages of ${origin.replace(/[^ -~]/g, "")} may not call this server: its option "origins" does not name them.\n`;
    exchange.respond(403, ["content-type", "text/plain"], utf8.encode(text));
    return true;
  }
  exchange.answerHeaders.push("access-control-allow-origin", cors.anyOrigin ? "*" : origin);
  if (cors.credentials) exchange.answerHeaders.push("access-control-allow-credentials", "true");
  if (preflight) {
    exchange.respond(204, preflightHeaders(exchange, cors), NO_BODY);
    return true;
  }
  exchange.answerHeaders.push(
    "access-control-expose-headers",
    [...PROTOCOL_ANSWER_HEADERS, ...cors.exposeHeaders, ...cors.exposeHeaders.map((name) => `trailer-${name}`)].join(
      ",",
    ),
  );
  return false;
}

function preflightHeaders(exchange: Exchange, cors: ResolvedCors): string[] {
  const asked = headerValue(exchange.headers, "access-control-request-headers");
  const allowed =
    cors.allowHeaders === undefined
      ? (asked ?? PROTOCOL_REQUEST_HEADERS.join(","))
      : [...PROTOCOL_REQUEST_HEADERS, ...cors.allowHeaders].join(",");
  return [
    "access-control-allow-methods",
    "POST,GET",
    "access-control-allow-headers",
    allowed,
    "access-control-max-age",
    String(cors.maxAgeSeconds),
    "vary",
    "access-control-request-method,access-control-request-headers",
  ];
}

/** Whether a page's origin is where the request went. */
function isOwn(origin: string, authority: string | undefined): boolean {
  const host = /^https?:\/\/(.*)$/.exec(origin)?.[1];
  return host !== undefined && authority !== undefined && host.toLowerCase() === withoutDefaultPort(authority, origin);
}

function withoutDefaultPort(authority: string, origin: string): string {
  const defaultPort = origin.startsWith("https:") ? ":443" : ":80";
  const lower = authority.toLowerCase();
  return lower.endsWith(defaultPort) ? lower.slice(0, -defaultPort.length) : lower;
}
