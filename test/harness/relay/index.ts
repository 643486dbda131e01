/**
 * A TCP relay between a client and a server that treats bytes as a bad network does: cuts them anywhere, delays and joins them, stalls,
 * closes one way, and resets. A seed decides the sizes and the delays.
 */
export type { RelayOptions } from "./options.js";
export { Relay } from "./relay.js";
export type { RelayConnection } from "./relay-connection.js";
export type { RelayDirection } from "./relay-direction.js";
