/** One side of a holder, in a process of its own. Argument: the holder. Does what its parent asks, one thing at a time. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Opener } from "./holder.js";
import { holders } from "./holders.js";

export type Order =
  | { readonly do: "serve" | "memory" | "cancel" }
  | { readonly do: "connect"; readonly port: number }
  | { readonly do: "open"; readonly count: number };
export interface Memory {
  /** Bytes of the heap in use after a full collection. */
  readonly heap: number;
  /** Bytes of memory the process holds, native memory of node:http2 included. */
  readonly rss: number;
  /** Handlers (server) or calls (client) now open. */
  readonly open: number;
}

const WAVE = 200;
const holder = holders[process.argv[2] ?? ""];
if (holder === undefined) throw new Error(`no holder ${process.argv[2]}`);
let open = 0;
let opener: Opener | undefined;
let cancels: (() => Promise<void>)[] = [];

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case "serve":
      return holder!.serve((change) => {
        open += change;
      });
    case "connect":
      opener = holder!.connect(order.port);
      return;
    case "open":
      for (let left = order.count; left > 0; left -= WAVE) {
        const wave = Array.from({ length: Math.min(WAVE, left) }, () => opener!.open());
        cancels.push(...(await Promise.all(wave)));
      }
      open = cancels.length;
      return;
    case "cancel":
      await Promise.all(cancels.map((cancel) => cancel()));
      cancels = [];
      open = 0;
      return;
    case "memory":
      return memory();
  }
}

/** After collections with pauses between, so that finalizers and closed streams are gone too. */
async function memory(): Promise<Memory> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await sleep(50);
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss, open };
}

process.on("message", (order: Order) => {
  obey(order).then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on("disconnect", () => process.exit());
