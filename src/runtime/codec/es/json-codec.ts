import {
  create,
  createRegistry,
  type DescFile,
  type DescMessage,
  fromJsonString,
  type MessageInitShape,
  type MessageShape,
  type Registry,
  toJsonString,
} from "@bufbuild/protobuf";
import { type ByteSink, type Codec, writeBytes } from "../../core/codec.js";
import { messageOf, RpcError } from "../../core/rpc-error.js";
import type { status } from "../../core/status.js";

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Messages as protobuf's JSON, by protobuf-es' own. Unknown fields of what comes are passed over, as in the binary format.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
export class EsJsonCodec<Desc extends DescMessage> implements Codec<MessageShape<Desc>, MessageInitShape<Desc>> {
  readonly typeName: string;
  readonly #schema: Desc;
  readonly #registry: Registry;
  readonly #faultCode: status;

  /**
   * @param registry The types that a `google.protobuf.Any`, and extensions, may be of.
   * @param faultCode What a call ends with that was sent malformed JSON.
   */
  constructor(schema: Desc, registry: Registry, faultCode: status) {
    this.typeName = schema.typeName;
    this.#schema = schema;
    this.#registry = registry;
    this.#faultCode = faultCode;
  }

  encode(message: MessageInitShape<Desc>, into: ByteSink): void {
    const json = toJsonString(this.#schema, create(this.#schema, message), { registry: this.#registry });
    writeBytes(utf8.encode(json), into);
  }

  /** @throws RpcError with the code that was given, for what is no such JSON */
  decode(bytes: Uint8Array): MessageShape<Desc> {
    try {
      const options = { registry: this.#registry, ignoreUnknownFields: true };
      return fromJsonString(this.#schema, fromUtf8.decode(bytes), options);
    } catch (cause) {
      throw new RpcError(this.#faultCode, `cannot decode ${this.typeName} from JSON: ${messageOf(cause)}`, { cause });
    }
  }
}

/** All types of these files and of those they import. */
export function registryOf(files: Iterable<DescFile>): Registry {
  const all = new Set<DescFile>();
  const add = (file: DescFile): void => {
    if (all.has(file)) return;
    all.add(file);
    file.dependencies.forEach(add);
  };
  for (const file of files) add(file);
  return createRegistry(...all);
}
