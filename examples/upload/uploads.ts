import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { RpcError, status } from "gen-stubs-runtime";

/** What a call writes at this moment, and how to end it. */
interface Writing {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** Uploads as files of a folder, named by their ids; each grows until it is whole. One call at a time writes to one. */
export class Uploads {
  readonly #folder: string;
  readonly #writing = new Map<string, Writing>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  path(id: string): string {
    if (!/^[\w-]{1,64}$/.test(id)) throw new RpcError(status.INVALID_ARGUMENT, "an id is letters, digits and hyphens");
    return join(this.#folder, id);
  }

  /**
   * How many bytes are there. A call that still writes is ended before: its connection may be lost without a word, and what it adds
   * later would stand twice in the file.
   */
  async size(id: string): Promise<number> {
    const path = this.path(id);
    const writing = this.#writing.get(id);
    writing?.abort.abort(new RpcError(status.ABORTED, "another call goes on with this upload"));
    await writing?.done;
    return await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
  }

  /** Adds bytes at the end, which must be the offset that the client knows. */
  async append(id: string, offset: number, bytes: ReadableStream<Uint8Array>): Promise<void> {
    const size = await this.size(id);
    if (size !== offset) throw new RpcError(status.ABORTED, `the upload has ${size} bytes, not ${offset}`);
    const abort = new AbortController();
    const file = createWriteStream(this.path(id), { flags: "a" });
    const closed = new Promise<void>((resolve) => file.once("close", resolve));
    const written = pipeline(bytes, file, { signal: abort.signal });
    // Nothing reaches the file any more once it is closed, whatever ended the call.
    const done = written.catch(() => {}).then(() => closed);
    const writing = { abort, done };
    this.#writing.set(id, writing);
    try {
      await written;
    } catch (error) {
      throw abort.signal.aborted ? abort.signal.reason : error;
    } finally {
      await done;
      if (this.#writing.get(id) === writing) this.#writing.delete(id);
    }
  }
}
