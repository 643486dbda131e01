import { once } from "node:events";
import http2 from "node:http2";
import { connect, createServer } from "node:net";
import { join, PREFACE, parse, settings, settingsAck } from "../support/frames.js";

/** Who says nothing for so long is not compared. */
const SILENCE_MS = 200;

/** What a server made of a client's bytes. */
export interface Verdict {
  /** The code of its GOAWAY, or -1 where it just closed; undefined where the connection lives. */
  readonly closed: number | undefined;
  /** Neither closed nor answered: nothing is known. */
  readonly silent: boolean;
  /** Stream ids that it reset. */
  readonly resets: number[];
  /** Bodies by stream id, with END where they ended. */
  readonly bodies: Record<number, string>;
}

/** A server of node:http2 that takes everything and answers nothing. */
export async function nodeServer(): Promise<{
  ask(frames: readonly Uint8Array[]): Promise<Verdict>;
  close(): void;
}> {
  const bodies: Record<number, string> = {};
  const server = http2.createServer({ settings: { enableConnectProtocol: false } });
  server.on("sessionError", () => {});
  server.on("session", (session) => session.on("error", () => {}));
  server.on("stream", (stream) => {
    const id = stream.id ?? 0;
    bodies[id] = "";
    stream.on("data", (chunk: Buffer) => {
      bodies[id] += chunk.toString("latin1");
    });
    stream.on("end", () => {
      if (!stream.aborted) bodies[id] += "END";
    });
    stream.on("error", () => {});
  });
  const listener = createServer((socket) => server.emit("connection", socket));
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as { port: number };
  const ask = async (frames: readonly Uint8Array[]): Promise<Verdict> => {
    for (const id of Object.keys(bodies)) delete bodies[Number(id)];
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("error", () => {});
    const over = new Promise<string>((resolve) => {
      socket.on("close", () => resolve("closed"));
      // Some faults leave a session of node:http2 silent for good.
      setTimeout(() => resolve("silent"), SILENCE_MS).unref();
      socket.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        // The answer to the PING behind everything.
        if (Buffer.concat(chunks).includes("theend!!")) resolve("answered");
      });
    });
    socket.write(join(PREFACE, settings(), settingsAck(), ...frames, pingAtTheEnd));
    const silent = (await over) === "silent";
    const answered = Buffer.concat(chunks).includes("theend!!");
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    const said = parse(cutFrames(new Uint8Array(Buffer.concat(chunks))));
    const goaway = said.find(({ type }) => type === "GOAWAY");
    const code = goaway === undefined ? -1 : new DataView(goaway.payload.buffer).getUint32(4);
    return {
      silent,
      closed: answered && goaway === undefined ? undefined : code,
      resets: said.filter(({ type }) => type === "RST_STREAM").map(({ id }) => id),
      bodies: { ...bodies },
    };
  };
  return { ask, close: () => listener.close() };
}

const pingAtTheEnd = new Uint8Array([0, 0, 8, 6, 0, 0, 0, 0, 0, ...Buffer.from("theend!!")]);

/** Whole frames of bytes that may end inside of one. */
function cutFrames(bytes: Uint8Array): Uint8Array {
  let at = 0;
  while (at + 9 <= bytes.length) {
    const next = at + 9 + ((bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!);
    if (next > bytes.length) break;
    at = next;
  }
  return bytes.subarray(0, at);
}
