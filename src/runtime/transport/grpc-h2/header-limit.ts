/** How large a block of headers may be sent: what the peer takes, and no more than we would take ourselves. */
export function maxSendHeaderBytes(peers: number, own: number): number {
  return Math.min(peers, own);
}

/** Whose limit {@link maxSendHeaderBytes} is, for error texts. */
export function headerLimitOwner(peers: number, own: number, peer: "client" | "server"): string {
  return peers <= own ? `(the ${peer}'s SETTINGS_MAX_HEADER_LIST_SIZE)` : "(maxMetadataBytes)";
}
