import { trailersFault } from "../headers/index.js";
import { HeadersMemo } from "../headers-memo.js";
import type { EngineStream } from "../streams/engine-stream.js";
import type { HeaderList } from "../streams/stream.js";

/** Whether a second header list is what may end a message: its trailers (RFC 9113, section 8.1). */
export class TrailersRule {
  readonly #memo: HeadersMemo = new HeadersMemo(trailersFault);

  /** Why these are malformed; undefined where they are not. */
  fault(stream: EngineStream, headers: HeaderList, endStream: boolean): string | undefined {
    if (!endStream) return "trailers that do not end the stream";
    return stream.contentLeft > 0 ? "less data than content-length says" : this.#memo.fault(headers);
  }
}
