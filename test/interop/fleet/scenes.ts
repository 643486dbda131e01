import { setTimeout as delay } from "node:timers/promises";
import type { FleetClient, Window } from "./fleet-client.js";
import type { Stage } from "./stage.js";
import { count, spread, total } from "./tally.js";

/** What a scene showed. */
export interface Outcome {
  /** Unary calls that did not end with OK. */
  readonly lost: number;
  readonly calls: number;
  /** How streams ended that ended, by status. */
  readonly ended: Readonly<Record<string, number>>;
  /** Milliseconds until the client noticed; Infinity where it did not in {@link PATIENCE_MS}. Not in every scene. */
  readonly noticedMs?: number;
  /** Percent of a fair part that a server is off, at most. */
  readonly spread?: number;
  /** Unary calls in a second. */
  readonly perSecond?: number;
}

export interface Scene {
  readonly name: string;
  /** What `noticedMs` is the time of. */
  readonly notice?: string;
  play(stage: Stage, client: FleetClient): Promise<Partial<Outcome>>;
}

const PATIENCE_MS = 15_000;

/** So many answers of a server show that it is called. */
const CALLED = 20;

const answersOf = (id: string) => (windows: readonly Window[]) => (total(windows, "ok")[id] ?? 0) >= CALLED;

/** Milliseconds until a server is called. */
async function untilCalled(client: FleetClient, id: string, moment: number): Promise<number> {
  const called = await client.until(moment, answersOf(id), PATIENCE_MS);
  const first = client.since(moment).find(({ ok }) => ok[id] !== undefined);
  return called && first !== undefined ? first.t - moment : Number.POSITIVE_INFINITY;
}

/** Milliseconds until a server is called no more. */
async function untilLeft(client: FleetClient, happens: (window: Window) => boolean, moment: number): Promise<number> {
  return ((await client.untilQuiet(moment, happens, PATIENCE_MS)) ?? Number.POSITIVE_INFINITY) - moment;
}

/** What happens in the life of a fleet, in this order; each leaves three servers that answer. */
export const scenes: readonly Scene[] = [
  {
    name: "three servers, steady",
    async play(stage, client) {
      const moment = Date.now();
      await client.until(moment, (windows) => count(total(windows, "ok")) >= 5_000, 60_000);
      const windows = client.since(moment);
      const perSecond = (count(total(windows, "ok")) * 1_000) / (Date.now() - moment);
      return { spread: spread(total(windows, "ok"), stage.ids), perSecond };
    },
  },
  {
    name: "rolling restart: a new server, then an old one drains",
    notice: "a new server is called",
    async play(stage, client) {
      let noticedMs = 0;
      for (const [at, old] of stage.ids.entries()) {
        const id = `${old}${at}`;
        await stage.add(id);
        const moment = Date.now();
        // Kubernetes does not wait for clients either: the old one goes when the new one is ready.
        const gone = stage.remove(old);
        noticedMs = Math.max(noticedMs, await untilCalled(client, id, moment));
        await gone;
      }
      return { noticedMs };
    },
  },
  {
    name: "a server is added",
    notice: "it is called",
    async play(stage, client) {
      await stage.add("added");
      return { noticedMs: await untilCalled(client, "added", Date.now()) };
    },
  },
  {
    name: "a server drains and goes, none comes",
    notice: "it is not called any more",
    async play(stage, client) {
      const [first = ""] = stage.ids;
      const moment = Date.now();
      const gone = stage.remove(first);
      const noticedMs = await untilLeft(client, ({ ok }) => ok[first] !== undefined, moment);
      await gone;
      if (stage.ids.length < 3) await stage.add("back");
      return { noticedMs };
    },
  },
  {
    name: "a server is killed, another comes",
    notice: "the new one is called",
    async play(stage, client) {
      const [first = ""] = stage.ids;
      await stage.remove(first, "SIGKILL");
      await stage.add("after");
      return { noticedMs: await untilCalled(client, "after", Date.now()) };
    },
  },
  {
    name: "a server says NOT_SERVING",
    notice: "it is not called any more",
    async play(stage, client) {
      const [first = ""] = stage.ids;
      stage.server(first).tell("unhealthy");
      const noticedMs = await untilLeft(client, ({ ok }) => ok[first] !== undefined, Date.now());
      stage.server(first).tell("healthy");
      await client.until(Date.now(), answersOf(first), 5_000);
      return { noticedMs };
    },
  },
  {
    name: "a server fails every call (UNAVAILABLE)",
    notice: "no call fails any more",
    async play(stage, client) {
      const [first = ""] = stage.ids;
      stage.server(first).tell("fail");
      const moment = Date.now();
      await delay(3_000);
      const failing = (window: Window): boolean => count(window.fail) > 0;
      const last = client.since(moment).findLast(failing)?.t ?? moment;
      stage.server(first).tell("normal");
      return { noticedMs: last - moment > 2_900 ? Number.POSITIVE_INFINITY : last - moment };
    },
  },
  {
    name: "a server takes 200 ms to answer",
    async play(stage, client) {
      const [, second = ""] = stage.ids;
      stage.server(second).tell("slow 200");
      const moment = Date.now();
      await delay(3_000);
      const perSecond = (count(total(client.since(moment), "ok")) * 1_000) / (Date.now() - moment);
      stage.server(second).tell("normal");
      return { perSecond };
    },
  },
  {
    name: "a server hangs (SIGSTOP): connections stay, nothing is answered",
    notice: "no call is lost to it any more",
    async play(stage, client) {
      const [, , third = ""] = stage.ids;
      const server = stage.server(third);
      server.freeze();
      const moment = Date.now();
      // Longer than the keepalive takes.
      await delay(14_000);
      const lost = (window: Window): boolean => count(window.fail) > 0;
      const last = client.since(moment).findLast(lost)?.t ?? moment;
      server.thaw();
      return { noticedMs: last - moment > 13_900 ? Number.POSITIVE_INFINITY : last - moment };
    },
  },
];

/** Plays a scene, and counts what was lost meanwhile. */
export async function playScene(scene: Scene, stage: Stage, client: FleetClient): Promise<Outcome> {
  const moment = Date.now();
  const shown = await scene.play(stage, client);
  await delay(100);
  const windows = client.since(moment);
  const lost = count(total(windows, "fail"));
  return { lost, calls: lost + count(total(windows, "ok")), ended: total(windows, "ended"), ...shown };
}
