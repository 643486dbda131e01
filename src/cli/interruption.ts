import { constants } from "node:os";
import { GenStubsError } from "../errors/gen-stubs-error.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The run was told to stop by a signal of the system. */
export class Interrupted extends GenStubsError {
  readonly #exitCode: number;

  constructor(name: NodeJS.Signals) {
    super({ code: "GS8001", message: `interrupted by ${name}; the output folder is as it was` });
    // What shells show for a program that a signal ended.
    this.#exitCode = 128 + constants.signals[name];
  }

  override get exitCode(): number {
    return this.#exitCode;
  }
}

/** While it listens, a signal does not end the process but aborts {@link Interruption.signal}. */
export interface Interruption {
  /** Its reason is an {@link Interrupted}. */
  readonly signal: AbortSignal;
  /** Stops to listen: signals end the process again. */
  stop(): void;
}

/**
 * Listens for SIGINT, SIGTERM and SIGHUP. A listener runs between two turns of the event loop, so what happens in one turn
 * is never cut in half. The second signal ends the process at once.
 */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  const stop = (): void => {
    for (const name of signals) process.off(name, listener);
  };
  const listener = (name: NodeJS.Signals): void => {
    stop();
    controller.abort(new Interrupted(name));
  };
  for (const name of signals) process.on(name, listener);
  return { signal: controller.signal, stop };
}

/** Lets a signal that has come meanwhile be heard, then throws its reason. */
export async function checkInterruption(signal: AbortSignal | undefined): Promise<void> {
  // Signals are taken where the loop polls; immediates come after that, but the first may belong to a turn that has polled.
  for (let turn = 0; turn < 2; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
