/**
 * HTTP/2 (RFC 9113) without I/O: bytes in, events and bytes out. Knows nothing of gRPC and nothing of a platform.
 *
 * A client: `new Http2ClientConnection(handler, environment, options)`, `request(headers, endStream, streamHandler)`.
 * A server: `new Http2ServerConnection(handler, environment, options)`; its handler hears `onStream`.
 * Both: a driver calls `receive(bytes)`, and on `onOutput()` schedules `take()`, writes it, calls `done(batch)`.
 */

export { Http2ClientConnection } from "./connection/client.js";
export type {
  ClientConnection,
  Connection,
  ConnectionHandler,
  ServerConnection,
  ServerConnectionHandler,
} from "./connection/connection.js";
export { Http2ServerConnection } from "./connection/server.js";
export type { Environment, TimerHandle } from "./environment.js";
export * as ErrorCode from "./error-code.js";
export { ConnectionError, errorCodeName } from "./errors.js";
export { DEFAULT_LIMITS, type Limits } from "./limits.js";
export type { ConnectionOptions } from "./options.js";
export type { Batch } from "./output/batch.js";
export { DEFAULT_SETTINGS, type Settings } from "./settings.js";
export type { HeaderList, Release, ResetCause, Stream, StreamHandler } from "./streams/stream.js";
