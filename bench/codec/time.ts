import type { Contender } from "./contenders.js";

/** A turn is about this much processor time, in nanoseconds. */
const turn = 20e6;
/** Warm is who did not get faster by more than this share. */
const flat = 0.03;
const mostWarmUps = 25;

let kept: unknown;

/** Nanoseconds of processor time a run, over a turn: other processes disturb it less than the clock. */
function time({ run }: Contender, guess: number): number {
  let count = Math.max(1, Math.ceil(turn / guess));
  for (;;) {
    const begin = process.cpuUsage();
    for (let i = 0; i < count; i++) kept = run();
    const { user, system } = process.cpuUsage(begin);
    const took = (user + system) * 1000;
    if (took > turn * 0.7) return took / count;
    count = Math.max(count * 2, Math.ceil((count * turn) / Math.max(took, 1)));
  }
}

/** Runs until three turns on end are no faster than the best before. Returns the best. */
function warmUp(contender: Contender): number {
  let best = Number.POSITIVE_INFINITY;
  for (let turns = 0, same = 0; turns < mostWarmUps && same < 3; turns++) {
    const took = time(contender, Math.min(best, turn));
    same = took > best * (1 - flat) ? same + 1 : 0;
    best = Math.min(best, took);
  }
  return best;
}

/** What each contender took in each round. All are warm before the first; rounds are interleaved, each in another order. */
export function compare(contenders: readonly Contender[], rounds: number): Map<string, number[]> {
  const guesses = new Map(contenders.map((contender) => [contender, warmUp(contender)]));
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length]!;
      times.get(contender.name)!.push(time(contender, guesses.get(contender)!));
    }
  }
  void kept;
  return times;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
