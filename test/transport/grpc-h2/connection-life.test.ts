import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

/** The runtime takes its timers when it is imported: it is imported anew, under a clock that the test moves. */
async function lifeOf(options: { age?: number; grace?: number; idle?: number }) {
  const { ConnectionLife } = await import("../../../src/runtime/transport/grpc-h2/server/connection-life.js");
  const said: string[] = [];
  const life = new ConnectionLife(
    {
      maxConnectionAgeMs: options.age ?? Number.POSITIVE_INFINITY,
      maxConnectionAgeGraceMs: options.grace ?? Number.POSITIVE_INFINITY,
      maxConnectionIdleMs: options.idle ?? Number.POSITIVE_INFINITY,
    },
    {
      goAway: (debug) => void said.push(`go: ${debug}`),
      end: ({ details }, debug) => void said.push(`end: ${debug}, ${details}`),
    },
  );
  return { life, said };
}

describe("the life of a server's connection", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.resetModules();
    vi.spyOn(Math, "random").mockReturnValue(0.5); // no jitter
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  test("at its age it is asked to go, and ends after the grace", async () => {
    const { said } = await lifeOf({ age: 1000, grace: 500 });
    vi.advanceTimersByTime(999);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(["go: max_age"]);
    vi.advanceTimersByTime(499);
    expect(said).toEqual(["go: max_age"]);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(["go: max_age", "end: max_age, the connection has reached its maximum age"]);
  });

  test("idle is the time since the last call, and a call that works is none", async () => {
    const { life, said } = await lifeOf({ idle: 1000 });
    life.rests();
    vi.advanceTimersByTime(900);
    life.works();
    vi.advanceTimersByTime(5000);
    life.rests();
    vi.advanceTimersByTime(999);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(["go: max_idle"]);
  });

  test("once it is over, nothing follows; nor without limits", async () => {
    const { life, said } = await lifeOf({ age: 1000, idle: 1000 });
    life.rests();
    life.stop();
    (await lifeOf({})).life.rests();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(10_000);
    expect(said).toEqual([]);
  });
});
