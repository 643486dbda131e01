import type { Socket } from "node:net";
import { startQuietTimer, stopTimer } from "../../../core/clock.js";

/** How HTTP/2 begins where the client knows of it (RFC 9113, section 3.4); no method of HTTP/1.1 begins so. */
const PREFACE = "PRI ";

/**
 * Gives a connection to `http2` or to `http1` by its first bytes, which are put back. One that says nothing for `timeoutMs`, or ends
 * before that, is closed.
 */
export function bySpokenProtocol(
  socket: Socket,
  timeoutMs: number,
  http2: (socket: Socket) => void,
  http1: (socket: Socket) => void,
): void {
  let first: Buffer | undefined;
  const timer = startQuietTimer(() => socket.destroy(), timeoutMs);
  const done = (): void => {
    stopTimer(timer);
    socket.off("readable", read);
    socket.off("close", done);
    socket.off("end", ended);
  };
  const ended = (): void => void socket.destroy();
  const read = (): void => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    first = first === undefined ? chunk : Buffer.concat([first, chunk]);
    const seen = Math.min(first.length, PREFACE.length);
    const isPreface = first.toString("latin1", 0, seen) === PREFACE.slice(0, seen);
    if (isPreface && seen < PREFACE.length) return;
    done();
    socket.unshift(first);
    if (isPreface) http2(socket);
    else http1(socket);
  };
  socket.on("readable", read);
  socket.on("close", done);
  socket.on("end", ended);
}
