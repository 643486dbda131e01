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
 * Messages as protobuf's JSON, by protobuf-es' functions. Unknown fields in received messages are ignored.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */
export class EsJsonCodec<Desc extends DescMessage> implements Codec<MessageShape<Desc>, MessageInitShape<Desc>> {
  readonly typeName: string;
  readonly #schema: Desc;
  readonly #registry: Registry;
  readonly #faultCode: status;

  /**
   * @param registry The types of messages in a `google.protobuf.Any`, and extensions.
   * @param faultCode The status code of a call that receives malformed JSON.
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

  /** @throws RpcError with `faultCode` for bytes that are not this message's JSON */
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
