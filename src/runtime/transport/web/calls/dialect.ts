import type { Metadata } from "../../../core/metadata.js";
import type { StatusObject } from "../../../core/rpc-error.js";
import type { Compression } from "../../transport.js";

/** The end of a streamed answer, in one of the two ways there are. */
export type AnswerEnd =
  | { readonly trailers: string[] }
  /** The flag and the body of a last envelope. */
  | { readonly flag: number; readonly body: Uint8Array };

/** How a protocol of enveloped messages says what is not a message. */
export interface Dialect {
  /** The headers of an answer. */
  head(header: Metadata | undefined, encoding: Compression): string[];
  end(result: StatusObject, limit: number): AnswerEnd;
  /** Whether the body of the request, and of the answer, is base64. */
  readonly text: boolean;
  /** Whether the status is in trailers of HTTP, not in the body. */
  readonly trailers: boolean;
}
