/** What differs in the stubs of a service where its messages' module has the service's descriptor. */
import { bidiStreaming, clientStreaming, described, type Service, serverStreaming, service, unary } from "gen-stubs-runtime/codegen-v1";
import { $Descriptor, $requestCodec, $responseCodec } from "./placeholders.js";
import type { $Handlers } from "./service.js";

const $methods = described($Descriptor, {
  $unary: unary("$path", $requestCodec, $responseCodec),
  $serverStreaming: serverStreaming("$path", $requestCodec, $responseCodec),
  $clientStreaming: clientStreaming("$path", $requestCodec, $responseCodec),
  $bidiStreaming: bidiStreaming("$path", $requestCodec, $responseCodec),
});

/**
 * The methods of `$typeName`: paths, kinds and codecs.
 *
 * $deprecated
 */
export const $Service: Service<$Handlers> = service("$typeName", $methods, $Descriptor);
