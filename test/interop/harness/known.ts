import type { Result } from "./results.js";

/** A difference we know of and cannot mend, with the reason. What is left out matches all. */
export interface Known extends Partial<Pick<Result, "peer" | "ours" | "transport">> {
  readonly suite: string;
  readonly name: string | RegExp;
  /** What the failure must say. */
  readonly detail?: RegExp;
  readonly reason: string;
  /** It depends on timing: passing is fine too. */
  readonly sometimes?: boolean;
}

const endBeforeReset =
  "grpc-js ends a call that is cancelled or past its deadline with Node's http2stream.close(), which sends END_STREAM " +
  "before RST_STREAM: a server that acts on the end of the stream first takes the call for complete";

export const known: readonly Known[] = [
  {
    suite: "connect-go",
    ours: "client",
    transport: "fetch",
    name: "data.upload_refused",
    detail: /UNAVAILABLE/,
    reason:
      "over HTTP/1.1 Go's net/http closes a connection whose request it has answered before it was complete, and Node's fetch tells " +
      "of the broken request in the answer's place",
    sometimes: true,
  },
  {
    suite: "proxies",
    ours: "client",
    transport: "grpc-js",
    name: /(upload_cancel|chat_cancel|chat\.cancel)$/,
    reason: endBeforeReset,
    sometimes: true,
  },
  {
    suite: "guides",
    ours: "client",
    transport: "grpc-js",
    name: /^(data\.upload_cancel|data\.chat_cancel|chat\.cancel|chat\.deadline)$/,
    reason: endBeforeReset,
    sometimes: true,
  },
  {
    suite: "guides",
    peer: "grpc-js",
    ours: "server",
    name: /^chat\.(cancel|deadline)$/,
    reason: endBeforeReset,
    sometimes: true,
  },
  ...["guides", "relay"].map(
    (suite): Known => ({
      suite,
      peer: "tonic",
      ours: "client",
      name: /^data\.(upload_cancel|chat_cancel)$/,
      detail: /saw ok, not cancelled/,
      reason:
        "tonic's server gives a handler that waits for the next request a quiet end where the client cancels " +
        "(codec/decode.rs): it takes a cancelled call for a complete one, whoever the client is",
      sometimes: true,
    }),
  ),
  {
    suite: "guides",
    peer: "tonic",
    ours: "server",
    transport: "grpc-js",
    name: "data.compressed",
    detail: /expected Some\("gzip"\), got Some\("identity"\)/,
    reason: "grpc-js's server never compresses its answers, which gRPC allows",
  },
  {
    suite: "connect",
    ours: "server",
    transport: "grpc-js",
    name: /./,
    detail: /with padding but servers should emit unpadded/,
    reason: "grpc-js writes binary metadata with base64 padding; the specification says servers should not",
    sometimes: true,
  },
  {
    suite: "connect",
    ours: "server",
    transport: "grpc-js",
    name: /./,
    detail: /non-empty 'grpc-message' value with zero/,
    reason: "grpc-js's server sends `grpc-message: OK` with every status OK",
    sometimes: true,
  },
  {
    suite: "connect",
    ours: "server",
    transport: "grpc-js",
    name: /^gRPC Unexpected Requests\/.*(unexpected-(verb|codec|compression|compressed-message)|(unary|server-stream)\/(no-request|multiple-requests))$/,
    reason: "grpc-js's server answers such requests before our code sees them, and is lenient",
    sometimes: true,
  },
  {
    suite: "connect",
    ours: "client",
    transport: "grpc-js",
    name: /error-with-responses$/,
    detail: /expecting \d response messages? but instead got/,
    reason: "P3: in grpc-js an error status overtakes messages that were not read yet",
    sometimes: true,
  },
  {
    suite: "connect",
    ours: "client",
    transport: "grpc-js",
    name: /unexpected-compress(ion|ed-message)$/,
    reason: "grpc-js ends the call with UNKNOWN where the suite asks for INTERNAL",
  },
  {
    suite: "connect",
    ours: "client",
    transport: "grpc-js",
    name: /unary\/multiple-responses$/,
    reason: "grpc-js's unary call never ends after a second response",
    sometimes: true,
  },
  {
    suite: "official",
    transport: "grpc-js",
    name: /^server_compressed_/,
    reason: "grpc-js's server never compresses its answers, which gRPC allows",
  },
  {
    suite: "official",
    transport: "grpc-js",
    name: /^client_compressed_\w+_probe$/,
    reason: "grpc-js's server inflates messages without telling whether they came compressed",
  },
  {
    suite: "web",
    peer: "Envoy's grpc_web and Go's server",
    name: "data.upload_empty",
    detail: /^\[DEADLINE_EXCEEDED\]/,
    reason:
      "a client stream without any message: Node's fetch says `content-length: 0`, of which Envoy makes HEADERS with END_STREAM; grpc-go " +
      "waits for the empty DATA frame that the specification asks for (gRPC over HTTP/2, Requests)",
  },
];
