/** So many times the numbers of an array are moved byte by byte, which is cheaper than to make a view for them. */
const FEW = 8;

/** A view through which a number of several bytes is read or written at once; for the array that was used last. */
export class WideView {
  #bytes: Uint8Array | undefined = undefined;
  #view: DataView | undefined = undefined;
  #uses = 0;

  /** The view of these bytes, undefined where it is not worth while yet; those before are let go. */
  of(bytes: Uint8Array): DataView | undefined {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = undefined;
      this.#uses = 0;
    }
    if (this.#view === undefined && ++this.#uses > FEW) {
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.#view;
  }
}
