/** Messages as protobuf's JSON, for channels and servers that speak it. Needs messages of protobuf-es. */
import type { DescMethod, Registry } from "@bufbuild/protobuf";
import { EsJsonCodec, registryOf } from "./codec/es/json-codec.js";
import type { CalledMethod } from "./core/method.js";
import { status } from "./core/status.js";
import type { MessageCodecs } from "./transport/fetch/message-codecs.js";

export type { MessageCodecs } from "./transport/fetch/message-codecs.js";

/** What {@link esJson} may be told. */
export interface EsJsonOptions {
  /** The types that a `google.protobuf.Any`, and extensions, may be of. Default: those of the service's file and of what it imports. */
  readonly registry?: Registry | undefined;
}

/**
 * Sends and takes protobuf's JSON, by protobuf-es' own. Unknown fields of what comes are passed over, as in the binary format.
 *
 * @example
 * ```ts
 * fetchChannel("https://api.example.com", { protocol: "connect", json: esJson() });
 * ```
 * @see https://protobuf.dev/programming-guides/json/
 */
export function esJson({ registry }: EsJsonOptions = {}): MessageCodecs {
  return {
    name: "json",
    of<InInit, Out>(method: CalledMethod<InInit, Out>): CalledMethod<InInit, Out> {
      const descriptor = method.descriptor as DescMethod | undefined; // stubs with messages of protobuf-es bring theirs
      if (descriptor === undefined) {
        throw new TypeError(`${method.path} cannot be called with JSON: its stubs have no messages of protobuf-es`);
      }
      const types = registry ?? registryOf([descriptor.parent.file]);
      return {
        ...method,
        // The codecs of the stubs are of these types too.
        request: new EsJsonCodec(descriptor.input, types, status.INTERNAL) as unknown as typeof method.request,
        response: new EsJsonCodec(descriptor.output, types, status.INTERNAL) as unknown as typeof method.response,
      };
    },
  };
}
