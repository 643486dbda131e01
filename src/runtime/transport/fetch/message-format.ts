import type { CalledMethod } from "../../core/method.js";

/** How messages are written: as protobuf, or as JSON. */
export interface MessageFormat {
  /** As content types name it. */
  readonly name: "proto" | "json";
  /** The method with codecs of this format. */
  of<InInit, Out>(method: CalledMethod<InInit, Out>): CalledMethod<InInit, Out>;
}

/** The codecs that the stubs bring. */
export const PROTO: MessageFormat = { name: "proto", of: (method) => method };
