import { startTimer } from "../../core/clock.js";
import type { Metadata } from "../../core/metadata.js";
import { nextTurn } from "../../core/turn.js";

/** How long a half-close of a suspect client is held back. The reset was seen 0.1 to 0.6 ms behind it. */
const GRACE_MS = 3;

/**
 * Believes a half-close a little later than it comes (P6), because two things look like one for a moment:
 * - A lost connection: Node ends its streams before it closes them. One turn of the event loop tells.
 * - A cancel by Node's `http2stream.close()`, as grpc-js does it for cancels and deadlines: END_STREAM goes first and
 *   RST_STREAM right behind, so a cancelled upload looks complete. Only clients that name grpc-js wait for that.
 *
 * @see https://github.com/nodejs/node/blob/v20.19.0/lib/internal/http2/core.js `closeStream`
 */
export function afterTrueEnd(metadata: Metadata, onHalfClose: () => void): void {
  const later = (): void => nextTurn(onHalfClose);
  if (!String(metadata.get("user-agent")[0] ?? "").includes("grpc-node-js/")) later();
  else startTimer(later, GRACE_MS);
}
