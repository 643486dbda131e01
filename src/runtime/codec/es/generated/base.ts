import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";

/** A message whose properties may all be set, as while it is made. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Makes messages without any property of their own. */
export type Base<Desc extends DescMessage> = new () => Mutable<MessageShape<Desc>>;

/**
 * The base of a message type whose fields have presence by way of the prototype, which carries their defaults: proto2, and
 * editions where a scalar has explicit presence. Its objects are those of protobuf-es, but faster to make.
 */
export function baseOf<Desc extends DescMessage>(schema: Desc): Base<Desc> {
  function Message() {}
  Message.prototype = Object.getPrototypeOf(create(schema));
  // An ordinary function is a constructor; TypeScript has no type for it.
  return Message as unknown as Base<Desc>;
}
