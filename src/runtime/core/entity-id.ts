let last = 0;

/** A number that nothing else of this process has: connections, and what channelz names. */
export function nextEntityId(): number {
  return ++last;
}
