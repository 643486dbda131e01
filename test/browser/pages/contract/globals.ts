/** Names of Node's that the contract's tests use, for a page. They are put in the tests' places alone: the runtime finds none of them. */

const waiting: (() => void)[] = [];
const { port1, port2 } = new MessageChannel();
port1.addEventListener("message", () => waiting.shift()?.());
port1.start();

/** A turn of the event loop. */
export function setImmediate(run: () => void): void {
  waiting.push(run);
  port2.postMessage(undefined);
}

/** As much of Node's class as the tests use: plain bytes, which say their text. */
export const Buffer = {
  from: (given: string | ArrayLike<number>): Uint8Array =>
    withText(typeof given === "string" ? new TextEncoder().encode(given) : Uint8Array.from(given)),
  alloc: (size: number): Uint8Array => withText(new Uint8Array(size)),
  concat: (parts: readonly Uint8Array[]): Uint8Array => Buffer.from(parts.flatMap((part) => [...part])),
};

function withText(bytes: Uint8Array): Uint8Array {
  return Object.defineProperty(bytes, "toString", { value: () => new TextDecoder().decode(bytes) });
}

type Note = (reason: unknown) => void;
const notes = new Map<Note, (event: Event) => void>();
const NAMES: Readonly<Record<string, string>> = {
  unhandledRejection: "unhandledrejection",
  uncaughtException: "error",
};

/** `process.on` for what escapes. */
export const process = {
  env: {} as Record<string, string | undefined>,
  on(event: string, note: Note): void {
    const listener = (caught: Event): void => note("reason" in caught ? caught.reason : caught);
    notes.set(note, listener);
    globalThis.addEventListener(NAMES[event] ?? event, listener);
  },
  off(event: string, note: Note): void {
    const listener = notes.get(note);
    if (listener !== undefined) globalThis.removeEventListener(NAMES[event] ?? event, listener);
  },
};
