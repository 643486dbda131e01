// Frame flags; a bit means something only on the frame types that define it. Import it as `Flag`.
export const END_STREAM = 0x1;
/** SETTINGS and PING. */
export const ACK = 0x1;
export const END_HEADERS = 0x4;
export const PADDED = 0x8;
export const PRIORITY = 0x20;
