import type { ClientReader } from "gen-stubs-runtime/web";
import { type DependencyList, useEffect, useState } from "react";

/** What has come of a server stream, and whether more will. */
export interface Streamed<Message> {
  readonly messages: readonly Message[];
  readonly state: "open" | "ended" | "failed";
  readonly error?: unknown;
}

const NOTHING: Streamed<never> = { messages: [], state: "open" };

/** Reads a server stream while the component is there, and anew where `deps` change; keeps the last messages. */
export function useStream<Message>(
  open: () => ClientReader<Message>,
  deps: DependencyList,
  keep = 100,
): Streamed<Message> {
  const [streamed, setStreamed] = useState<Streamed<Message>>(NOTHING);
  useEffect(() => {
    setStreamed(NOTHING);
    const reader = open();
    let left = false;
    const read = async (): Promise<void> => {
      // All that has come at once, so that many messages are one render.
      for await (const batch of reader.batches()) {
        if (left) return;
        setStreamed(({ messages }) => ({ messages: [...messages, ...batch].slice(-keep), state: "open" }));
      }
      setStreamed(({ messages }) => ({ messages, state: "ended" }));
    };
    read().catch((error: unknown) => {
      if (!left) setStreamed(({ messages }) => ({ messages, state: "failed", error }));
    });
    return () => {
      left = true;
      reader.cancel("the component was left");
    };
  }, deps);
  return streamed;
}
