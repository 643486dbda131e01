/**
 * For what ends by a time that must not pass before something else has happened: attempts it with a time that doubles until the attempt says
 * that the time was long enough. A busy machine needs more of it; nobody else waits for it.
 */
export async function longEnough(ms: number, attempt: (ms: number) => Promise<boolean>): Promise<void> {
  for (let time = ms; !(await attempt(time)); time *= 2) {
    if (time > 60_000) throw new Error(`not within ${time} ms either`);
  }
}
