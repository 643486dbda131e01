import { RpcError, type StatusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import type { ResponseBody } from "./response-body.js";

/** A body that is one thing: a message, or an error. */
export class WholeBody implements ResponseBody {
  readonly #limit: number;
  readonly #room: number;
  readonly #onWhole: (bytes: Uint8Array) => StatusObject;
  #pieces: Uint8Array[] = [];
  #size = 0;

  /**
   * @param limit bytes that are accepted
   * @param room bytes left free before the body, for a prefix
   * @param onWhole is given all of it, in an ArrayBuffer of its own
   */
  constructor(limit: number, room: number, onWhole: (bytes: Uint8Array) => StatusObject) {
    this.#limit = limit;
    this.#room = room;
    this.#onWhole = onWhole;
  }

  /** @throws RpcError RESOURCE_EXHAUSTED past the limit (P12). */
  push(piece: Uint8Array): undefined {
    this.#size += piece.length;
    if (this.#size > this.#limit) {
      this.#pieces = [];
      const details = `received a message of ${this.#size} bytes or more; the limit is ${this.#limit} bytes (maxReceiveMessageBytes)`;
      throw new RpcError(status.RESOURCE_EXHAUSTED, details);
    }
    this.#pieces.push(piece);
  }

  end(): StatusObject {
    const whole = new Uint8Array(this.#room + this.#size);
    let at = this.#room;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    return this.#onWhole(whole);
  }
}
