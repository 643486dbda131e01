import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import type { MethodDescriptor, ServiceDescriptor } from "../../core/descriptor.js";
import type { Service } from "../../core/service.js";
import { status } from "../../core/status.js";
import type { JsonCodecs, MethodCodecs } from "./web-method.js";

/** protobuf-es's part of this package, where protobuf-es is. */
type EsJson = typeof import("../../codec/es/json-codec.js");

/**
 * Messages as JSON, for the methods of services whose messages are protobuf-es's; `google.protobuf.Any` may hold the messages of all the
 * services' files and of what they import. Undefined where no service has such messages, and protobuf-es need not be installed.
 */
export async function loadJsonCodecs(services: readonly Service<never>[]): Promise<JsonCodecs | undefined> {
  const descriptors = services.flatMap(({ descriptor }) => descriptor ?? []);
  if (descriptors.length === 0) return undefined;
  return jsonCodecs(await import("../../codec/es/json-codec.js"), descriptors);
}

function jsonCodecs({ EsJsonCodec, registryOf }: EsJson, descriptors: readonly ServiceDescriptor[]): JsonCodecs {
  const registry = registryOf(descriptors.map((descriptor) => (descriptor as EsServiceDescriptor).file));
  return ({ descriptor }): MethodCodecs | undefined => {
    if (descriptor === undefined) return undefined;
    const { input, output } = descriptor as EsMethodDescriptor;
    return {
      request: new EsJsonCodec(input, registry, status.INVALID_ARGUMENT),
      response: new EsJsonCodec(output, registry, status.INTERNAL),
    };
  };
}

// A descriptor is protobuf-es's own, of which core/descriptor.ts names only a part.
type EsServiceDescriptor = ServiceDescriptor & { readonly file: DescFile };
type EsMethodDescriptor = MethodDescriptor & { readonly input: DescMessage; readonly output: DescMessage };
