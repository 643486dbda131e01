import type { Contender } from "./contenders.js";

/** A turn is about so many nanoseconds: short enough that some turns meet no other process of the machine. */
const turn = 2e6;
/** Warm is who does not get faster by more than this share. */
const flat = 0.03;
const fewestWarmUps = 100;
const mostWarmUps = 600;

let kept: unknown;

/** Nanoseconds a run. */
function time({ run }: Contender, count: number): number {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < count; i++) kept = run();
  return Number(process.hrtime.bigint() - begin) / count;
}

/** Runs until thirty turns on end are no faster than the best before. Returns how many runs a turn has. */
function warmUp(contender: Contender): number {
  let best = time(contender, 1);
  for (let turns = 0, same = 0; turns < mostWarmUps && (turns < fewestWarmUps || same < 30); turns++) {
    const took = time(contender, Math.max(1, Math.ceil(turn / best)));
    same = took > best * (1 - flat) ? same + 1 : 0;
    best = Math.min(best, took);
  }
  return Math.max(1, Math.ceil(turn / best));
}

/**
 * What each contender takes: the least of its turns, which other processes disturbed least. All are warm before the first;
 * turns are interleaved, each round in another order.
 */
export function compare(contenders: readonly Contender[], rounds: number): Map<string, number> {
  const counts = new Map(contenders.map((contender) => [contender, warmUp(contender)]));
  const least = new Map<string, number>(contenders.map(({ name }) => [name, Number.POSITIVE_INFINITY]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length]!;
      const took = time(contender, counts.get(contender)!);
      least.set(contender.name, Math.min(least.get(contender.name)!, took));
    }
  }
  void kept;
  return least;
}
