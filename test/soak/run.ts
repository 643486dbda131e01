/**
 * Runs calls of all kinds over our own HTTP/2 for a while, most of which somebody cancels at some moment, and watches the
 * heap: `npm run soak -- [minutes]` (default 10). Exits with 1 where the heap grows, a call is lost, or one ends in a way
 * it should not.
 */
import { BytesValueSchema, Int32ValueSchema } from "@bufbuild/protobuf/wkt";
import { connect, RpcError, Server, type Service, status } from "gen-stubs-runtime";
import { es } from "gen-stubs-runtime/codec-es";
import * as codegen from "gen-stubs-runtime/codegen-v1";

const minutes = Number(process.argv[2] ?? 10);
const CALLERS = 64;
const SAMPLE_MS = Math.min(10_000, (minutes * 60_000) / 20);
/** Growth of the heap that counts as none, in bytes a minute. */
const TOLERANCE = 512 * 1024;

const soak = {
  download: codegen.serverStreaming("/soak.v1.Soak/Download", es(Int32ValueSchema), es(BytesValueSchema)),
  upload: codegen.clientStreaming("/soak.v1.Soak/Upload", es(BytesValueSchema), es(Int32ValueSchema)),
  chat: codegen.bidiStreaming("/soak.v1.Soak/Chat", es(BytesValueSchema), es(BytesValueSchema)),
};
type Bytes = { value: Uint8Array };
interface Handlers {
  download(request: { value: number }, call: codegen.ServerWriter<Bytes>): Promise<void>;
  upload(call: codegen.ServerReader<Bytes, { value: number }>): Promise<void>;
  chat(call: codegen.ServerDuplex<Bytes, Bytes>): Promise<void>;
}
const SoakService: Service<Handlers> = codegen.service<Handlers>("soak.v1.Soak", soak);

let open = 0;
async function counted(work: () => Promise<void>): Promise<void> {
  open++;
  try {
    await work();
  } finally {
    open--;
  }
}

const server = new Server({ onError: () => {} }).add(SoakService, {
  download: ({ value }, call) =>
    counted(async () => {
      for (let i = 0; i < value; i++) await call.send(chunk());
    }),
  upload: (call) =>
    counted(async () => {
      let value = 0;
      for await (const one of call) value += one.value.length > 0 ? 1 : 0;
      await call.sendAndClose({ value });
    }),
  chat: (call) =>
    counted(async () => {
      for await (const one of call) await call.send(one);
    }),
});
const { port } = await server.listen("127.0.0.1:0");
const channel = connect(`http://127.0.0.1:${port}`);

const ended = new Map<string, number>();
let running = true;
const callers = Array.from({ length: CALLERS }, async () => {
  while (running) {
    let outcome = "OK";
    try {
      await oneCall();
    } catch (error) {
      outcome = error instanceof RpcError ? (status[error.code] ?? "?") : String(error);
    }
    ended.set(outcome, (ended.get(outcome) ?? 0) + 1);
  }
});

const samples: { readonly minute: number; readonly heap: number }[] = [];
const start = performance.now();
while (performance.now() - start < minutes * 60_000) {
  await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  globalThis.gc?.();
  const minute = (performance.now() - start) / 60_000;
  const heap = process.memoryUsage().heapUsed;
  samples.push({ minute, heap });
  const calls = [...ended].map(([outcome, count]) => `${outcome} ${count}`).join(", ");
  console.log(`${minute.toFixed(2)} min  heap ${(heap / 1e6).toFixed(1)} MB  ${open} open on the server  ${calls}`);
}
running = false;
await Promise.all(callers);
await channel.close({ graceMs: 1000 });
await server.shutdown({ graceMs: 1000 });
globalThis.gc?.();

// The first half is warm-up: code is compiled and caches fill, which ends; a leak goes on.
const growth = slope(samples.slice(Math.floor(samples.length / 2)));
const kibibytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`;
console.log(`heap slope ${kibibytes(growth)} a minute over the second half (${kibibytes(slope(samples))} over all)`);
console.log(`${open} calls left on the server`);
const expected = new Set(["OK", "CANCELLED", "DEADLINE_EXCEEDED"]);
const odd = [...ended.keys()].filter((outcome) => !expected.has(outcome));
if (odd.length > 0) console.log(`unexpected endings: ${odd.join(", ")}`);
process.exitCode = growth > TOLERANCE || open > 0 || odd.length > 0 ? 1 : 0;

/** One call of some kind, cancelled in one of several ways or not at all. */
async function oneCall(): Promise<void> {
  const dice = Math.floor(Math.random() * 8);
  const size = 1 + Math.floor(Math.random() * 200);
  if (dice < 3) {
    const timeoutMs = dice === 0 ? 20 : 10_000;
    const reader = codegen.callServerStreaming(channel, soak.download, { value: size }, { timeoutMs });
    let left = dice === 1 ? size / 2 : size + 1;
    for await (const _ of reader) if (--left <= 0) break;
  } else if (dice < 5) {
    const signal = dice === 3 ? AbortSignal.timeout(20) : new AbortController().signal;
    const writer = codegen.callClientStreaming(channel, soak.upload, { signal });
    for (let i = 0; i < size; i++) if (!(await writer.send(chunk()))) break;
    await writer.closeAndRecv();
  } else {
    await using chat = codegen.callBidiStreaming(channel, soak.chat, {});
    for (let i = 0; i < size / 4; i++) {
      await chat.send(chunk());
      await chat.recv();
    }
    if (dice < 7) {
      await chat.closeSend();
      while ((await chat.recv()) !== undefined);
    }
  }
}

function chunk(): Bytes {
  return { value: new Uint8Array(1 + Math.floor(Math.random() * 2000)) };
}

/** The slope of the line of least squares, in bytes a minute. */
function slope(points: readonly { readonly minute: number; readonly heap: number }[]): number {
  const n = points.length;
  const meanX = points.reduce((sum, { minute }) => sum + minute, 0) / n;
  const meanY = points.reduce((sum, { heap }) => sum + heap, 0) / n;
  const covariance = points.reduce((sum, { minute, heap }) => sum + (minute - meanX) * (heap - meanY), 0);
  const variance = points.reduce((sum, { minute }) => sum + (minute - meanX) ** 2, 0);
  return variance === 0 ? 0 : covariance / variance;
}
