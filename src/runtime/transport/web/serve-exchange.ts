import { monotonicMs } from "../../core/clock.js";
import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import { parseEncoding } from "../../wire/compression.js";
import { type MessageFormat, parseConnectContentType } from "../../wire/connect/content-type.js";
import { type GetQuery, parseGetQuery } from "../../wire/connect/get-query.js";
import { parseConnectTimeout } from "../../wire/connect/timeout.js";
import { parseTimeout } from "../../wire/grpc-timeout.js";
import { encodeText } from "../../wire/grpc-web/base64-text.js";
import { parseGrpcWebContentType } from "../../wire/grpc-web/content-type.js";
import { PREFIX_BYTES, putPrefix } from "../../wire/message-prefix.js";
import { headerValue } from "../../wire/metadata-headers.js";
import type { Compression } from "../transport.js";
import type { CallHome } from "../web-doors.js";
import { ConnectUnaryCall, connectError } from "./calls/connect-unary-call.js";
import type { Dialect } from "./calls/dialect.js";
import { CONNECT_ACCEPT_ENCODING, connectStreamDialect, grpcDialect, grpcWebDialect } from "./calls/dialects.js";
import { type Encodings, StreamedCall } from "./calls/streamed-call.js";
import { answeredByCors } from "./cors.js";
import type { Exchange } from "./exchange.js";
import type { WebMethod, WebMethodTable } from "./web-method.js";
import type { ResolvedCors } from "./web-options.js";

/** What answers the requests of all doors. */
export interface WebService {
  readonly methods: WebMethodTable;
  readonly cors: ResolvedCors;
}

const utf8 = new TextEncoder();
const CONTENT_TYPES =
  "application/json,application/proto,application/connect+json,application/connect+proto,application/grpc-web,application/grpc-web-text";

/** A protocol of enveloped messages, with the names that its headers have. */
interface Streaming {
  readonly dialect: Dialect;
  readonly format: MessageFormat;
  readonly prefix: "grpc-" | "connect-content-";
}

/**
 * Answers a request: lets a method's server take the call, or says why there is none. Never throws. False where no method has this path,
 * and nothing was answered.
 */
export function serveExchange(exchange: Exchange, { methods, cors }: WebService, home: CallHome): boolean {
  const method = methods.get(exchange.path);
  if (method === undefined) return false;
  if (answeredByCors(exchange, cors)) return true;
  if (exchange.method === "GET") serveGet(exchange, method, home);
  else if (exchange.method === "POST") servePost(exchange, method, home);
  else refuseHttp(exchange, 405, "Calls are made by POST.", ["allow", method.noSideEffects ? "GET,POST" : "POST"]);
  return true;
}

/** Answers a request that is not a call with an HTTP status and a line of text. */
export function refuseHttp(exchange: Exchange, httpStatus: number, text: string, headers: string[] = []): void {
  exchange.respond(httpStatus, ["content-type", "text/plain", ...headers], utf8.encode(`${text}\n`));
  exchange.dropRequest();
}

function serveGet(exchange: Exchange, method: WebMethod, home: CallHome): void {
  if (!method.noSideEffects || method.streamsRequests || method.streamsResponses) {
    refuseHttp(exchange, 405, "This method takes no GET.", ["allow", "POST"]);
    return;
  }
  const query = parseGetQuery(exchange.query);
  if (typeof query === "string") {
    refuseConnect(exchange, statusObject(status.INVALID_ARGUMENT, query));
    return;
  }
  serveConnectUnary(exchange, method, home, query.format, query);
}

function servePost(exchange: Exchange, method: WebMethod, home: CallHome): void {
  const contentType = headerValue(exchange.headers, "content-type");
  const connect = parseConnectContentType(contentType);
  const streams = method.streamsRequests || method.streamsResponses;
  if (connect !== undefined && connect.streaming === streams) {
    if (!connect.streaming) {
      serveConnectUnary(exchange, method, home, connect.format, undefined);
      return;
    }
    const dialect = connectStreamDialect(connect.format);
    serveStreamed(exchange, method, home, { dialect, format: connect.format, prefix: "connect-content-" });
    return;
  }
  const web = parseGrpcWebContentType(contentType);
  if (web !== undefined) {
    serveStreamed(exchange, method, home, { dialect: grpcWebDialect(web), format: web.format, prefix: "grpc-" });
    return;
  }
  const grpc = exchange.takesTrailers
    ? /^application\/grpc(?:\+(proto|json))?\s*(?:;.*)?$/i.exec(contentType ?? "")
    : null;
  if (grpc !== null) {
    const format = grpc[1]?.toLowerCase() === "json" ? "json" : "proto";
    serveStreamed(exchange, method, home, { dialect: grpcDialect(format), format, prefix: "grpc-" });
    return;
  }
  refuseContentType(exchange);
}

function serveConnectUnary(
  exchange: Exchange,
  method: WebMethod,
  home: CallHome,
  format: MessageFormat,
  query: GetQuery | undefined,
): void {
  if (method.codecs(format) === undefined) {
    refuseContentType(exchange);
    return;
  }
  const version = headerValue(exchange.headers, "connect-protocol-version");
  if (version !== undefined && version !== "1") {
    refuseConnect(exchange, versionFault(version));
    return;
  }
  const named = query === undefined ? headerValue(exchange.headers, "content-encoding") : query.compression;
  const request = parseEncoding(named);
  if (request === undefined) {
    refuseConnect(exchange, encodingFault(named, CONNECT_ACCEPT_ENCODING));
    return;
  }
  const deadline = connectDeadline(exchange);
  if (typeof deadline !== "number") {
    refuseConnect(exchange, deadline);
    return;
  }
  const encodings = { format, request, answer: answerEncoding(exchange, method, "accept-encoding") };
  new ConnectUnaryCall({ exchange, method, home, deadline }, encodings, query?.message).begin();
}

function serveStreamed(exchange: Exchange, method: WebMethod, home: CallHome, streaming: Streaming): void {
  const { dialect, format, prefix } = streaming;
  if (method.codecs(format) === undefined) {
    refuseContentType(exchange);
    return;
  }
  const isConnect = prefix === "connect-content-";
  const version = isConnect ? headerValue(exchange.headers, "connect-protocol-version") : undefined;
  if (version !== undefined && version !== "1") {
    refuseStreamed(exchange, dialect, versionFault(version));
    return;
  }
  const named = headerValue(exchange.headers, `${prefix}encoding`);
  const request = parseEncoding(named);
  if (request === undefined) {
    refuseStreamed(exchange, dialect, encodingFault(named, CONNECT_ACCEPT_ENCODING));
    return;
  }
  const deadline = isConnect ? connectDeadline(exchange) : grpcDeadline(exchange);
  if (typeof deadline !== "number") {
    refuseStreamed(exchange, dialect, deadline);
    return;
  }
  const accepts = isConnect ? "connect-accept-encoding" : "grpc-accept-encoding";
  const encodings: Encodings = { format, request, answer: answerEncoding(exchange, method, accepts) };
  new StreamedCall({ exchange, method, home, deadline }, encodings, dialect).begin();
}

function refuseContentType(exchange: Exchange): void {
  refuseHttp(exchange, 415, "This port speaks gRPC, gRPC-Web and Connect.", ["accept-post", CONTENT_TYPES]);
}

function refuseConnect(exchange: Exchange, result: StatusObject): void {
  const { httpStatus, headers, body } = connectError(result, []);
  exchange.respond(httpStatus, headers, body);
  exchange.dropRequest();
}

/** Answers with a status alone. */
function refuseStreamed(exchange: Exchange, dialect: Dialect, result: StatusObject): void {
  const end = dialect.end(result, exchange.maxHeaderBytes);
  exchange.sendHead(200, dialect.head(undefined, "identity"), false);
  if ("trailers" in end) {
    exchange.finish(end.trailers);
  } else {
    const frame = new Uint8Array(PREFIX_BYTES + end.body.length);
    putPrefix(frame, 0, end.flag, end.body.length);
    frame.set(end.body, PREFIX_BYTES);
    exchange.send(dialect.text ? encodeText(frame) : frame);
    exchange.finish(undefined);
  }
  exchange.dropRequest();
}

function connectDeadline({ headers }: Exchange): number | StatusObject {
  const timeout = headerValue(headers, "connect-timeout-ms");
  if (timeout === undefined) return Number.POSITIVE_INFINITY;
  const ms = parseConnectTimeout(timeout);
  if (ms === undefined) return statusObject(status.INVALID_ARGUMENT, `malformed connect-timeout-ms "${timeout}"`);
  return deadlineIn(ms);
}

function grpcDeadline({ headers }: Exchange): number | StatusObject {
  const timeout = headerValue(headers, "grpc-timeout");
  if (timeout === undefined) return Number.POSITIVE_INFINITY;
  const ms = parseTimeout(timeout);
  if (ms === undefined) return statusObject(status.INTERNAL, `malformed grpc-timeout "${timeout}"`);
  return deadlineIn(ms);
}

function deadlineIn(ms: number): number | StatusObject {
  if (ms <= 0) return statusObject(status.DEADLINE_EXCEEDED, "deadline exceeded before the call came");
  return monotonicMs() + ms;
}

/** The compression to answer with: the server's, if the client understands it. */
function answerEncoding(exchange: Exchange, { limits }: WebMethod, header: string): Compression {
  if (limits.compression === "identity") return "identity";
  const accepted = headerValue(exchange.headers, header) ?? "";
  // `gzip;q=0` refuses.
  const named = accepted.split(",").some((one) => {
    const [name, ...parameters] = one.split(";").map((part) => part.trim().toLowerCase());
    return name === limits.compression && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
  return named ? limits.compression : "identity";
}

function versionFault(version: string): StatusObject {
  return statusObject(status.INVALID_ARGUMENT, `unknown connect-protocol-version "${version}"; this server speaks 1`);
}

function encodingFault(named: string | undefined, accepted: string): StatusObject {
  return statusObject(status.UNIMPLEMENTED, `unknown compression "${named}"; this server accepts ${accepted},identity`);
}
