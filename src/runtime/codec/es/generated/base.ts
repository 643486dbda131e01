import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";

/** A message whose properties may be set, while it is built. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Makes messages that have no own properties yet. */
export type Base<Desc extends DescMessage> = new () => Mutable<MessageShape<Desc>>;

/**
 * The constructor of a message type whose prototype holds the defaults of fields with presence: those of proto2, and of editions where
 * a scalar has explicit presence. Its objects are the same as those of protobuf-es, but made faster.
 */
export function baseOf<Desc extends DescMessage>(schema: Desc): Base<Desc> {
  function Message() {}
  Message.prototype = Object.getPrototypeOf(create(schema));
  // An ordinary function is a constructor; TypeScript has no type for it.
  return Message as unknown as Base<Desc>;
}
