let last = 0;

/** A number that is unique in this process, for connections and the entities of channelz. */
export function nextEntityId(): number {
  return ++last;
}
