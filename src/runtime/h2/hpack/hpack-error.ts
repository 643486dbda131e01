/** A header block that RFC 7541 forbids. The whole connection is lost: COMPRESSION_ERROR (RFC 9113, section 4.3). */
export class HpackError extends Error {
  override readonly name: string = "HpackError";
}
