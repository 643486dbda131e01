/**
 * A buffer of up to so many bytes is kept from one message to the next, which is likely to lie in it too: what a socket reads, and most
 * blocks that are sent from, are not larger.
 */
export const KEPT_BYTES: number = 160 * 1024;
