import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

/** A request of node:http, node:https, or of node:http2's compatible interface. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** The answer that belongs to it. */
export type NodeResponse = ServerResponse | Http2ServerResponse;
