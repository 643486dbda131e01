/** The details of a call that is made on a channel that was closed: no other call on it will come to anything. */
export const CHANNEL_CLOSED = "the channel is closed";
