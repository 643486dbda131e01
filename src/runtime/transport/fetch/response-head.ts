import type { Metadata } from "../../core/metadata.js";
import type { StatusObject } from "../../core/rpc-error.js";
import type { Compression } from "../transport.js";

/** What fetch tells of a response before its body, names in lower case. */
export interface HttpHead {
  readonly httpStatus: number;
  /** Name, value, name, value, …: several values of a name come as one, joined by commas, for fetch does so. */
  readonly headers: readonly string[];
}

/** What the head of a response says of what follows. */
export type ResponseHead = OverHead | EnvelopedHead | MessageHead | ErrorHead;

/** The call ends here; a body is not read. */
export interface OverHead {
  readonly kind: "over";
  readonly status: StatusObject;
}

/** Messages follow, each behind its prefix, and then one envelope of another sort, which tells how the call ended. */
export interface EnvelopedHead {
  readonly kind: "enveloped";
  readonly header: Metadata;
  readonly encoding: Compression;
  /** The bit of the prefix' flag byte that marks the last envelope. */
  readonly endFlag: number;
  /** How the call ended, by the body of the last envelope. */
  readonly statusOfEnd: (body: Uint8Array) => StatusObject;
  /** How the call ended where the body is empty; then the headers were trailers. */
  readonly statusOfEmpty?: StatusObject | undefined;
}

/** The body is one message, and the call ended with OK. */
export interface MessageHead {
  readonly kind: "message";
  readonly header: Metadata;
  readonly trailer: Metadata;
}

/** The body tells how the call failed. */
export interface ErrorHead {
  readonly kind: "error";
  readonly header: Metadata;
  readonly statusOfBody: (body: Uint8Array) => StatusObject;
}
