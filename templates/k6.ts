/** The k6 stubs of one service: typed calls over `k6/net/grpc`, for load tests. Messages are in their proto3 JSON shape. */
import { type Client, type GrpcError, type Params, type Response, Stream, type StreamMessageMetadata } from "k6/net/grpc";
import type { $RequestJson, $ResponseJson } from "./placeholders.js";

/** What k6 tells of a unary call. */
type $Reply<Received> = Omit<Response, "message"> & { readonly message: Received };

/** A stream of k6: the same for all three kinds of streaming rpc. Listen before the first `write`. */
interface $K6Stream<Sent, Received> {
  on(event: "data", listener: (message: Received, metadata: StreamMessageMetadata) => void): void;
  on(event: "error", listener: (error: GrpcError, metadata: StreamMessageMetadata) => void): void;
  on(event: "end", listener: (nothing: undefined, metadata: StreamMessageMetadata) => void): void;
  write(message: Sent): void;
  end(): void;
}

/**
 * $comments
 *
 * Calls `$typeName` from k6. The client has to be connected, by reflection or with the .proto file loaded.
 *
 * $deprecated
 */
export class $K6 {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $unary(request: $RequestJson, params?: Params): $Reply<$ResponseJson> {
    return this.#client.invoke("$path", request, params) as $Reply<$ResponseJson>;
  }

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $serverStreaming(params?: Params): $K6Stream<$RequestJson, $ResponseJson> {
    return new Stream(this.#client, "$path", params) as $K6Stream<$RequestJson, $ResponseJson>;
  }

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $clientStreaming(params?: Params): $K6Stream<$RequestJson, $ResponseJson> {
    return new Stream(this.#client, "$path", params) as $K6Stream<$RequestJson, $ResponseJson>;
  }

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $bidiStreaming(params?: Params): $K6Stream<$RequestJson, $ResponseJson> {
    return new Stream(this.#client, "$path", params) as $K6Stream<$RequestJson, $ResponseJson>;
  }
}

/**
 * Calls `$typeName` from k6, with unary calls that do not block: k6's `asyncInvoke`.
 *
 * $deprecated
 */
export class $K6Async {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $unary(request: $RequestJson, params?: Params): Promise<$Reply<$ResponseJson>> {
    return this.#client.asyncInvoke("$path", request, params) as Promise<$Reply<$ResponseJson>>;
  }

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $serverStreaming(params?: Params): $K6Stream<$RequestJson, $ResponseJson> {
    return new Stream(this.#client, "$path", params) as $K6Stream<$RequestJson, $ResponseJson>;
  }

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $clientStreaming(params?: Params): $K6Stream<$RequestJson, $ResponseJson> {
    return new Stream(this.#client, "$path", params) as $K6Stream<$RequestJson, $ResponseJson>;
  }

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $bidiStreaming(params?: Params): $K6Stream<$RequestJson, $ResponseJson> {
    return new Stream(this.#client, "$path", params) as $K6Stream<$RequestJson, $ResponseJson>;
  }
}
