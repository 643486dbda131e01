import type { CallOptions, Channel } from "gen-stubs-runtime";
import * as codegen from "gen-stubs-runtime/codegen-v1";
import { chunk, soak } from "./service.js";

/** All of them wait for a connection: a caller that is told UNAVAILABLE at once would do nothing else while its channel backs off. */
const WAIT: CallOptions = { waitForReady: true };

type Call = (channel: Channel) => Promise<void>;

/** Calls that come to their end, one way or the other; what is listed twice is made twice as often. */
const ending: readonly Call[] = [
  unary,
  unary,
  (channel) => download(channel, 1 + random(200), 10_000),
  (channel) => download(channel, 1 + random(200), 10_000),
  (channel) => upload(channel, undefined),
  (channel) => chat(channel, true),
  (channel) => chat(channel, true),
];

/** Calls that cost a reset of their client: it leaves them, or has not sent all when the server has answered. */
const left: readonly Call[] = [
  rejected,
  rejected,
  (channel) => download(channel, 1 + random(200), 20),
  abandoned,
  abandoned,
  (channel) => upload(channel, AbortSignal.timeout(20)),
  (channel) => chat(channel, false),
];

/**
 * One call of some kind, left, refused, timed out, reset or brought to its end.
 * @param mayLeave Whether one more may be left, asked where it would be.
 */
export async function oneCall(channel: Channel, mayLeave: () => boolean): Promise<void> {
  const leaves = random(ending.length + left.length) < left.length && mayLeave();
  const kinds = leaves ? left : ending;
  await kinds[random(kinds.length)]?.(channel);
}

async function unary(channel: Channel): Promise<void> {
  await codegen.callUnary(channel, soak.unary, chunk(), WAIT);
}

async function download(channel: Channel, value: number, timeoutMs: number): Promise<void> {
  const reader = codegen.callServerStreaming(channel, soak.download, { value }, { ...WAIT, timeoutMs });
  for await (const _ of reader);
}

/** Left after a message: RST_STREAM(CANCEL) with up to a window of answers on its way. */
async function abandoned(channel: Channel): Promise<void> {
  const reader = codegen.callServerStreaming(channel, soak.download, { value: 2000 }, WAIT);
  for await (const _ of reader) break;
}

async function upload(channel: Channel, signal: AbortSignal | undefined): Promise<void> {
  const writer = codegen.callClientStreaming(channel, soak.upload, { ...WAIT, signal });
  for (let i = random(200); i >= 0; i--) if (!(await writer.send(chunk()))) break;
  await writer.closeAndRecv();
}

/** The server has said no before the messages are there: 2 MB of them. */
async function rejected(channel: Channel): Promise<void> {
  const writer = codegen.callClientStreaming(channel, soak.reject, WAIT);
  for (let i = 0; i < 32; i++) if (!(await writer.send({ value: new Uint8Array(65_536) }))) break;
  await writer.closeAndRecv();
}

async function chat(channel: Channel, close: boolean): Promise<void> {
  await using duplex = codegen.callBidiStreaming(channel, soak.chat, WAIT);
  for (let i = random(50); i >= 0; i--) {
    await duplex.send(chunk());
    await duplex.recv();
  }
  if (!close) return;
  await duplex.closeSend();
  while ((await duplex.recv()) !== undefined);
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}
