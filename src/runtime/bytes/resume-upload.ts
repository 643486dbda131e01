import type { ClientWriter } from "../call/client/types.js";
import { ignore } from "../core/deferred.js";
import type { ByteSource } from "./byte-source.js";
import { ResumedUpload } from "./resumed-upload.js";
import type { ResumeUploadOptions } from "./upload-options.js";

/**
 * An upload that outlives its servers: when a call ends as it should not, the server is asked how many bytes it has, and another call
 * sends what is behind them. At most one call is open at a time. Resolves to the response of the call that came to its end.
 *
 * What follows the status of a call is as with `resume`: UNAVAILABLE and DEADLINE_EXCEEDED go on after a backoff, RESOURCE_EXHAUSTED
 * after ten times that or as its RetryInfo says, every other one is thrown, all by `statuses`. Rejects with that RpcError; with
 * CANCELLED when `signal` aborts, and, the error being its cause, where the source or a function of the options fails.
 *
 * The server must know an unfinished upload by a name of the client's, and must not take bytes of the older call once it has said
 * how many it has.
 *
 * @param open makes the call that begins at an offset
 * @param source gives the bytes from an offset on: `(start) => createReadStream(path, { start })`, `(start) => file.slice(start)`
 * @throws TypeError for an unknown option, or a value that the option does not take.
 * @example
 * ```ts
 * const { sha256 } = await resumeUpload(
 *   (offset) => client.upload({ metadata: { "upload-id": id, "upload-offset": String(offset) } }),
 *   (start) => createReadStream(path, { start }),
 *   { acknowledged: async (signal) => (await client.uploaded({ id }, { signal })).bytes, toMessage: (data) => ({ data }) },
 * );
 * ```
 */
export function resumeUpload<Init, Out, const Made extends Init>(
  open: (offset: number) => ClientWriter<Init, Out>,
  source: (offset: number) => ByteSource | Promise<ByteSource>,
  options: ResumeUploadOptions<Made>,
): Promise<Out> {
  const done = new ResumedUpload<Init, Out>(open, source, options).run();
  done.catch(ignore); // need not be awaited (P10)
  return done;
}
