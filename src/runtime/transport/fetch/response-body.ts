import type { StatusObject } from "../../core/rpc-error.js";

/** Takes the bytes of a response's body, in pieces as they come. */
export interface ResponseBody {
  /**
   * Takes a piece. A promise where that needs time; the next piece waits for it.
   * @throws RpcError what ends the call, also by the promise
   */
  push(piece: Uint8Array): Promise<void> | undefined;
  /** The body ended: how the call did. */
  end(): StatusObject;
}
