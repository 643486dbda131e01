/**
 * Waits until `count` stands still while the connection is alive: unchanged over many round trips of another call, and
 * turns of the event loop.
 */
export async function settled(count: () => number, roundTrip: () => Promise<unknown>): Promise<void> {
  let last = count();
  for (let quiet = 0; quiet < 25; quiet++) {
    await roundTrip();
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (count() !== last) quiet = 0;
    last = count();
  }
}
