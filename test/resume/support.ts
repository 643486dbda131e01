import { onTestFinished } from "vitest";
import { type CallOptions, type ClientReader, connect, RpcError, Server, status } from "../../src/runtime/index.js";
import { type ResumeOptions, resume } from "../../src/runtime/resume.js";
import { TrialClient, type TrialHandlers, TrialService, withDefaults } from "../contract/harness/trial-service.js";

/** Message `id` of the stream. */
export function message(id: number): { value: Uint8Array } {
  return { value: new Uint8Array([id >> 8, id & 255]) };
}

export function idOf({ value }: { readonly value: Uint8Array }): number {
  return (value[0]! << 8) + value[1]!;
}

/** What the nth call does: sends messages (those that are numbers), then ends with the last thing given. */
export type Script = readonly (number | keyof typeof status | RpcError | Promise<unknown>)[];

export interface Scripted {
  readonly client: TrialClient;
  readonly port: number;
  /** The `after` of each call. */
  readonly asked: number[];
  /** How many calls of the server are open, and how many were at most. */
  readonly open: { now: number; most: number };
  /** Resolves when the server's nth call, from 0, has ended. */
  ended(index: number): Promise<void>;
}

/** A server on a port of its own whose nth call goes by the nth script; the last one goes for all further calls. */
export function scripted(...scripts: readonly Script[]): Promise<Scripted> {
  return scriptedBy((_, index) => scripts[Math.min(index, scripts.length - 1)] ?? []);
}

/** As {@link scripted}, by what is asked for: for tests in which a call may end for its silence before it has begun. */
export async function scriptedBy(scriptOf: (after: number, index: number) => Script): Promise<Scripted> {
  const asked: number[] = [];
  const open = { now: 0, most: 0 };
  const ends: PromiseWithResolvers<void>[] = [];
  const end = (index: number) => {
    ends[index] ??= withResolvers();
    return ends[index];
  };
  const running = await serve({
    async download({ value }, call) {
      const index = asked.push(value) - 1;
      open.most = Math.max(open.most, ++open.now);
      try {
        for (const step of scriptOf(value, index)) {
          if (typeof step === "number") await call.send(message(step));
          else if (step instanceof RpcError) throw step;
          else if (typeof step === "string") {
            if (step === "OK") return;
            throw new RpcError(Number(status[step]), `scripted ${step}`);
          } else {
            call.sendHeader();
            const aborted = new Promise((_, reject) =>
              call.signal.addEventListener("abort", () => reject(call.signal.reason)),
            );
            await Promise.race([step, aborted]);
          }
        }
      } finally {
        open.now--;
        end(index).resolve();
      }
    },
  });
  return { ...running, asked, open, ended: (index) => end(index).promise };
}

/** Serves on a port and connects to it; both are closed when the test is over. */
export async function serve(handlers: Partial<TrialHandlers>): Promise<{ client: TrialClient; port: number }> {
  const server = new Server({ onError: () => {} }).add(TrialService, withDefaults(handlers));
  const { port } = await server.listen("127.0.0.1:0");
  const channel = connect(`http://127.0.0.1:${port}`, { initialBackoffMs: 5, maxBackoffMs: 20 });
  onTestFinished(async () => {
    await channel.close();
    await server.shutdown();
  });
  return { client: new TrialClient(channel), port };
}

export const never: Promise<never> = new Promise(() => {});

/** `resume` over the scripted server's download, with waits of a millisecond. */
export function resumed(
  { client }: Scripted,
  options: Partial<ResumeOptions<{ readonly value: Uint8Array }, number>> = {},
  call: CallOptions = {},
): ClientReader<{ readonly value: Uint8Array }> {
  return resume((after = 0) => client.download({ value: after }, call), {
    token: idOf,
    initialBackoffMs: 1,
    maxBackoffMs: 1,
    ...options,
  });
}

/** All ids that come, and what the loop ended with. */
export async function idsOf(
  reader: AsyncIterable<{ readonly value: Uint8Array }>,
): Promise<{ ids: number[]; error: RpcError | undefined }> {
  const ids: number[] = [];
  try {
    for await (const one of reader) ids.push(idOf(one));
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { ids, error };
  }
  return { ids, error: undefined };
}

export interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

export function withResolvers<T = void>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}
