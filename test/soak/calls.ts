import type { CallOptions, Channel } from "gen-stubs-runtime";
import * as codegen from "gen-stubs-runtime/codegen-v1";
import { chunk, soak } from "./service.js";

/** All of them wait for a connection: a caller that is told UNAVAILABLE at once would do nothing else while its channel backs off. */
const WAIT: CallOptions = { waitForReady: true };

/** What a caller does: the share of its kind, and the call. */
type Kind = readonly [share: number, call: (channel: Channel) => Promise<void>];

const kinds: readonly Kind[] = [
  [2, unary],
  [2, (channel) => download(channel, 1 + random(200), 10_000)],
  [1, (channel) => download(channel, 1 + random(200), 20)],
  [2, abandoned],
  [1, (channel) => upload(channel, undefined)],
  [1, (channel) => upload(channel, AbortSignal.timeout(20))],
  [2, rejected],
  [2, (channel) => chat(channel, true)],
  [1, (channel) => chat(channel, false)],
];
const shares = kinds.flatMap(([share, call]) => Array<(channel: Channel) => Promise<void>>(share).fill(call));

/** One call of some kind, left, refused, timed out, reset or brought to its end. */
export async function oneCall(channel: Channel): Promise<void> {
  await shares[random(shares.length)]?.(channel);
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
