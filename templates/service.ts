/**
 * The stubs of one service. Every class, interface and object here has one member for each kind of rpc; a member is repeated
 * for each rpc of its kind.
 */
import {
  bidiStreaming,
  type CallOptions,
  type Channel,
  type ClientDuplex,
  type ClientReader,
  type ClientWriter,
  callBidiStreaming,
  callClientStreaming,
  callServerStreaming,
  callUnary,
  clientStreaming,
  type ManyResponses,
  type OneResponse,
  type ServerCall,
  type ServerDuplex,
  type ServerReader,
  type ServerWriter,
  type Service,
  serverStreaming,
  service,
  unary,
  unimplemented,
} from "gen-stubs-runtime/codegen-v1";
import { type $Request, type $RequestInit, type $Response, type $ResponseInit, $requestCodec, $responseCodec } from "./placeholders.js";

const $methods = {
  $unary: unary("$path", $requestCodec, $responseCodec),
  $serverStreaming: serverStreaming("$path", $requestCodec, $responseCodec),
  $clientStreaming: clientStreaming("$path", $requestCodec, $responseCodec),
  $bidiStreaming: bidiStreaming("$path", $requestCodec, $responseCodec),
};

/**
 * The methods of `$typeName`: paths, kinds and codecs.
 *
 * $deprecated
 */
export const $Service: Service<$Handlers> = service("$typeName", $methods);

/**
 * $comments
 *
 * Calls `$typeName`.
 *
 * $deprecated
 */
export class $Client {
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $unary(request: $RequestInit, options?: CallOptions): Promise<$Response> {
    return callUnary(this.#channel, $methods.$unary, request, options);
  }

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $serverStreaming(request: $RequestInit, options?: CallOptions): ClientReader<$Response> {
    return callServerStreaming(this.#channel, $methods.$serverStreaming, request, options);
  }

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $clientStreaming(options?: CallOptions): ClientWriter<$RequestInit, $Response> {
    return callClientStreaming(this.#channel, $methods.$clientStreaming, options);
  }

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $bidiStreaming(options?: CallOptions): ClientDuplex<$RequestInit, $Response> {
    return callBidiStreaming(this.#channel, $methods.$bidiStreaming, options);
  }
}

/**
 * $comments
 *
 * What a server of `$typeName` implements.
 *
 * $deprecated
 */
export interface $Handlers {
  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $unary(request: $Request, call: ServerCall): Promise<$ResponseInit> | $ResponseInit;

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $serverStreaming(request: $Request, call: ServerWriter<$ResponseInit>): ManyResponses<$ResponseInit>;

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $clientStreaming(call: ServerReader<$Request, $ResponseInit>): OneResponse<$ResponseInit>;

  /**
   * $comments
   *
   * @generated from rpc $rpc
   * $deprecated
   */
  $bidiStreaming(call: ServerDuplex<$Request, $ResponseInit>): ManyResponses<$ResponseInit>;
}

/**
 * Answers every method of `$typeName` with UNIMPLEMENTED.
 * Extend it, so that a new rpc does not break the build.
 *
 * $deprecated
 */
export class $Unimplemented implements $Handlers {
  $unary(_request: $Request, _call: ServerCall): Promise<$ResponseInit> | $ResponseInit {
    return unimplemented("$path");
  }

  $serverStreaming(_request: $Request, _call: ServerWriter<$ResponseInit>): ManyResponses<$ResponseInit> {
    return unimplemented("$path");
  }

  $clientStreaming(_call: ServerReader<$Request, $ResponseInit>): OneResponse<$ResponseInit> {
    return unimplemented("$path");
  }

  $bidiStreaming(_call: ServerDuplex<$Request, $ResponseInit>): ManyResponses<$ResponseInit> {
    return unimplemented("$path");
  }
}
