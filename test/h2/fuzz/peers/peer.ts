import { type Frame, join, PREFACE, parse, ping, settings, settingsAck } from "../../support/frames.js";

/** What a server made of a client's frames. */
export interface Verdict {
  /** `lives`: it answered a PING behind them. `ended`: it closed the connection. `silent`: neither, in time. */
  readonly connection: "lives" | "ended" | "silent";
  /** Of its GOAWAY, or else of its first RST_STREAM. */
  readonly code: number | undefined;
  /** The text of its GOAWAY. */
  readonly text: string;
}

/** A server that is asked what it makes of frames, each time on a connection of its own. */
export interface Peer {
  readonly name: string;
  /** Many may be asked at once. */
  ask(frames: readonly Uint8Array[]): Promise<Verdict>;
  close(): void;
}

const BARRIER = "theend!!";

/** The bytes of a connection: a fair beginning, the frames, and a PING whose answer says that the connection lives. */
export function connectionOf(frames: readonly Uint8Array[]): Uint8Array {
  return join(PREFACE, settings(), settingsAck(), ...frames, ping(BARRIER));
}

export function answersPing(bytes: Buffer): boolean {
  return bytes.includes(BARRIER);
}

/** A GOAWAY with an error is an end, whether the socket is closed behind it or, as node:http2 does, is not. */
export function verdictOf(connection: Verdict["connection"], said: Uint8Array): Verdict {
  const frames = parse(wholeFrames(said));
  const fault = faultOf(frames);
  const ended = fault.code !== undefined && frames.some(({ type }) => type === "GOAWAY");
  return { connection: ended ? "ended" : connection, ...fault };
}

/** What a server found fault with, as far as it said so. */
export function faultOf(frames: readonly Frame[]): Pick<Verdict, "code" | "text"> {
  const goaway = frames.find(({ type }) => type === "GOAWAY");
  const found = goaway ?? frames.find(({ type }) => type === "RST_STREAM");
  if (found === undefined) return { code: undefined, text: "" };
  const { payload } = found;
  const code = new DataView(payload.buffer, payload.byteOffset).getUint32(goaway === undefined ? 0 : 4);
  return { code, text: goaway === undefined ? "" : Buffer.from(payload.subarray(8)).toString() };
}

function wholeFrames(bytes: Uint8Array): Uint8Array {
  let at = 0;
  while (at + 9 <= bytes.length) {
    const next = at + 9 + ((bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!);
    if (next > bytes.length) break;
    at = next;
  }
  return bytes.subarray(0, at);
}
