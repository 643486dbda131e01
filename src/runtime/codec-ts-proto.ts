/**
 * Codecs for the messages that ts-proto 2 generates. At run time only the generated message objects are needed, not ts-proto itself.
 */
import type { DeepPartial } from "./codec/ts-proto/deep-partial.js";
import { type ByteSink, type Codec, writeBytes } from "./core/codec.js";

export type { DeepPartial } from "./codec/ts-proto/deep-partial.js";

/** The object that ts-proto exports beside the interface of a message: `export const Point: MessageFns<Point>`. */
export interface TsProtoMessage<Message> {
  /** As ts-proto generates it. */
  encode(message: Message): { finish(): Uint8Array };
  /** As ts-proto generates it. */
  decode(bytes: Uint8Array): Message;
}

/** A message object generated without `outputPartialMethods=false`, as is the default. */
export interface TsProtoPartialMessage<Message> extends TsProtoMessage<Message> {
  // `never` accepts whatever parameter type the options of ts-proto produce, `useExactTypes` among them.
  /** As ts-proto generates it, unless `outputPartialMethods=false`. */
  fromPartial(object: never): Message;
}

/**
 * What may be sent for a ts-proto message: some of its fields. With `outputPartialMethods=false` no function fills in the rest, so
 * that a whole message is needed.
 *
 * @typeParam Fns - the type of the message object, `typeof Point`
 */
export type MessageInit<Fns> =
  Fns extends TsProtoPartialMessage<infer Message>
    ? DeepPartial<Message>
    : Fns extends TsProtoMessage<infer Message>
      ? Message
      : never;

const codecs = new WeakMap<object, unknown>();

/**
 * The codec of a ts-proto message; one for each message object.
 *
 * @param message - the message object, `Point`
 * @param typeName - the full name of the message, for error texts
 */
export function tsProto<Message>(
  message: TsProtoPartialMessage<Message>,
  typeName?: string,
): Codec<Message, DeepPartial<Message>>;
/** The same where ts-proto generates no `fromPartial`: messages are sent as they are given. */
export function tsProto<Message>(message: TsProtoMessage<Message>, typeName?: string): Codec<Message>;
export function tsProto<Message>(fns: MessageFns<Message>, typeName?: string): Codec<Message, unknown> {
  let codec = codecs.get(fns);
  if (codec === undefined) {
    codec = new TsProtoCodec(fns, typeName ?? fns.$type ?? "");
    codecs.set(fns, codec);
  }
  // The key is the message object, so the codec stored under it has its types.
  return codec as TsProtoCodec<Message>;
}

// Here the parameter of `fromPartial` does not matter: the signatures of `tsProto` check what is sent.
interface MessageFns<Message> extends TsProtoMessage<Message> {
  fromPartial?(object: unknown): Message;
  /** With `outputTypeAnnotations` or `outputTypeRegistry`. */
  readonly $type?: string;
}

class TsProtoCodec<Message> implements Codec<Message, unknown> {
  readonly typeName: string;
  readonly #fns: MessageFns<Message>;

  constructor(fns: MessageFns<Message>, typeName: string) {
    this.typeName = typeName;
    this.#fns = fns;
  }

  encode(message: unknown, into: ByteSink): void {
    const fns = this.#fns;
    // Without `fromPartial`, the second signature lets only whole messages through.
    const whole = fns.fromPartial === undefined ? (message as Message) : fns.fromPartial(message);
    writeBytes(fns.encode(whole).finish(), into);
  }

  decode(bytes: Uint8Array): Message {
    // A copy: ts-proto keeps parts of it in the message, and the transport may write to `bytes` again.
    return this.#fns.decode(new Uint8Array(bytes));
  }
}
