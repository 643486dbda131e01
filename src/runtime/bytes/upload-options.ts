import { type OptionNames, refuseUnknown } from "../core/known-options.js";
import type { RpcError } from "../core/rpc-error.js";
import { ATTEMPT_NAMES, type AttemptOptions, type Attempts, resolveAttempts } from "../resume/resume-options.js";
import { checkedChunkBytes, type SendBytesOptions } from "./send-bytes.js";

/** What `onResume` of an upload gets when a call has ended and another follows. */
export interface UploadResumeEvent {
  /** How many calls have ended since the last long healthy stretch: 1 for the first. */
  readonly attempt: number;
  /** Why the last call, or the question for the offset, ended. */
  readonly error: RpcError;
  /** Bytes that the last call had accepted; the server will say how many it has. */
  readonly sentBytes: number;
  /** Milliseconds until the next call. */
  readonly delayMs: number;
}

/** Options of {@link resumeUpload}. `statuses`: "end" is "throw" here, where only a response is a good end. */
export interface ResumeUploadOptions<Init> extends AttemptOptions, SendBytesOptions<Init> {
  /**
   * Asks the server how many bytes it has, before every call, the first too: an upload of an earlier run goes on. `signal` aborts
   * when the answer is no longer needed.
   */
  readonly acknowledged: (signal: AbortSignal) => number | bigint | Promise<number | bigint>;
  /** Called with the bytes accepted since the start of the source. The number may decrease where the server lost some. */
  readonly onProgress?: ((sentBytes: number) => void) | undefined;
  /** Called for every end that is followed by another call, before the wait. An error that it throws ends the upload with CANCELLED. */
  readonly onResume?: ((event: UploadResumeEvent) => void) | undefined;
}

const NAMES: OptionNames<ResumeUploadOptions<unknown>> = {
  ...ATTEMPT_NAMES,
  toMessage: true,
  chunkBytes: true,
  acknowledged: true,
  onProgress: true,
  onResume: true,
};

/** Throws a TypeError for options that an upload cannot go by. */
export function checkUploadOptions<Init>(
  options: ResumeUploadOptions<Init>,
): Attempts & { readonly chunkBytes: number } {
  refuseUnknown(options, NAMES, "resumeUpload");
  for (const name of ["acknowledged", "toMessage"] as const) {
    if (typeof options[name] !== "function") throw new TypeError(`resumeUpload needs ${name}, a function`);
  }
  return { ...resolveAttempts(options), chunkBytes: checkedChunkBytes(options.chunkBytes) };
}
