// What has happened on a stream (RFC 9113, section 5.1): bits of the `state` of an EngineStream. Import it as `StreamState`.

/** Our END_STREAM has been written. */
export const SENT_END = 1;
/** Our END_STREAM waits behind what is queued. */
export const QUEUED_END = 2;
/** The peer's END_STREAM came: half-closed (remote). */
export const RECEIVED_END = 4;
export const CLOSED = 8;
/** The request, or the response that is not an interim one, came. */
export const RECEIVED_HEADERS = 16;
