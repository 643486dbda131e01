/** Length, type, flags and stream id in front of every frame (RFC 9113, section 4.1). */
export const FRAME_HEADER_BYTES = 9;

/** Windows and stream ids end here. */
export const MAX_31_BIT = 0x7fff_ffff;

/** What a client says first (RFC 9113, section 3.4). */
export const CLIENT_PREFACE: Uint8Array = Uint8Array.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (c) => c.charCodeAt(0));
