import { startTimer } from "../../../core/clock.js";
import { nextTurn } from "../../../core/turn.js";

/** How long a half-close of a suspect client is held back. The reset was seen 0.1 to 0.6 ms behind it. */
const GRACE_MS = 3;

/**
 * Whether a client's END_STREAM may be the beginning of a cancel: Node's `http2stream.close()`, which grpc-js calls for
 * cancels and deadlines, sends END_STREAM first and RST_STREAM right behind, so that a cancelled upload looks complete.
 *
 * @see https://github.com/nodejs/node/blob/v20.19.0/lib/internal/http2/core.js `closeStream`
 */
export function isHalfCloseSuspect(userAgent: string | undefined): boolean {
  return userAgent?.includes("grpc-node-js/") === true;
}

/** Believes a suspect's half-close a little later than it comes (P6). */
export function afterGrace<Context>(believe: (context: Context) => void, context: Context): void {
  startTimer(() => nextTurn(believe, context), GRACE_MS);
}
