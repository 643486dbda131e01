import type { ByteSink, Codec } from "../../core/codec.js";
import type { CalledMethod } from "../../core/method.js";
import { RpcError } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";

/** The method with the limits of the service config on its messages, where there are any. */
export function limitedMethod<InInit, Out>(
  method: CalledMethod<InInit, Out>,
  limits: { readonly maxRequestMessageBytes: number | undefined; readonly maxResponseMessageBytes: number | undefined },
): CalledMethod<InInit, Out> {
  const { maxRequestMessageBytes: maxRequest, maxResponseMessageBytes: maxResponse } = limits;
  if (maxRequest === undefined && maxResponse === undefined) return method;
  const request = maxRequest === undefined ? method.request : limitedEncoding(method.request, maxRequest);
  const response = maxResponse === undefined ? method.response : limitedDecoding(method.response, maxResponse);
  return { ...method, request, response };
}

function limitedEncoding<Message, Init>(codec: Codec<Message, Init>, limit: number): Codec<Message, Init> {
  return {
    typeName: codec.typeName,
    encode(message: Init, into: ByteSink): void {
      const start = into.position;
      codec.encode(message, into);
      const size = into.position - start;
      if (size > limit) throw tooLarge(`the message has ${size} bytes`, limit, "maxRequestMessageBytes");
    },
    decode: (bytes) => codec.decode(bytes),
  };
}

function limitedDecoding<Message, Init>(codec: Codec<Message, Init>, limit: number): Codec<Message, Init> {
  return {
    typeName: codec.typeName,
    encode: (message, into) => codec.encode(message, into),
    decode(bytes: Uint8Array): Message {
      if (bytes.length <= limit) return codec.decode(bytes);
      throw tooLarge(`received a message of ${bytes.length} bytes`, limit, "maxResponseMessageBytes");
    },
  };
}

function tooLarge(what: string, limit: number, name: string): RpcError {
  const details = `${what}; the limit is ${limit} bytes (${name} of the service config)`;
  return new RpcError(status.RESOURCE_EXHAUSTED, details);
}
