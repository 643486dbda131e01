import type { CalledMethod } from "../../core/method.js";
import type { MessageFormat } from "../../wire/connect/content-type.js";

/** How messages are written: as protobuf, or as JSON. */
export interface MessageCodecs {
  /** As content types name it. */
  readonly name: MessageFormat;
  /** The method with codecs of this format. @throws TypeError where its messages have none */
  of<InInit, Out>(method: CalledMethod<InInit, Out>): CalledMethod<InInit, Out>;
}

/** The codecs that the stubs bring. */
export const PROTO: MessageCodecs = { name: "proto", of: (method) => method };
