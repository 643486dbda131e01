/** The details of a call that is made on a channel that was closed: no other call on it will come to anything. */
export const CHANNEL_CLOSED = "the channel is closed";

/** The details of a call that was open when its channel was closed. */
export const CLOSED_MEANWHILE = "the channel was closed";
