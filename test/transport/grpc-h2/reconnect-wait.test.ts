import { describe, expect, test } from "vitest";
import { ReconnectWait } from "../../../src/runtime/transport/grpc-h2/client/reconnect-wait.js";

describe("the wait before the next attempt", () => {
  /** Timers that keep the process alive. */
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

  test("ends by itself, once, and may begin again", async () => {
    let heard = (): void => {};
    const seen: boolean[] = [];
    const wait = new ReconnectWait({ initialBackoffMs: 1 }, () => {
      seen.push(wait.running);
      heard();
    });
    for (let i = 0; i < 2; i++) {
      const over = new Promise<void>((resolve) => {
        heard = resolve;
      });
      wait.start(true);
      expect(wait.running).toBe(true);
      await over;
    }
    expect(seen).toEqual([false, false]);
  });

  test("keeps the process alive only while somebody waits for its end", () => {
    const before = timers();
    const wait = new ReconnectWait({}, () => {});
    wait.awaited = true; // there is nothing to wait for yet
    wait.start(false);
    expect(timers()).toBe(before);
    wait.awaited = true;
    expect(timers()).toBe(before + 1);
    wait.start(false); // it runs already
    expect(timers()).toBe(before + 1);
    wait.awaited = false;
    expect(timers()).toBe(before);
    wait.stop();
    expect(wait.running).toBe(false);
    wait.start(true);
    expect(timers()).toBe(before + 1);
    wait.stop();
    expect(timers()).toBe(before);
  });
});
