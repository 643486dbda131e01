import { connect, type IncomingHttpHeaders } from "node:http2";
import { duplexPair } from "../support/duplex-pair.js";
import { END_HEADERS, END_STREAM, frame, HEADERS, SETTINGS } from "./frames.js";

/**
 * Reads a block of response headers or trailers, by letting node:http2 read it. The peer must have been told a header
 * table of size 0, so that a block does not depend on those before it.
 */
export async function decodeHeaders(block: Uint8Array): Promise<IncomingHttpHeaders> {
  const [near, far] = duplexPair();
  const session = connect("http://decoder", { createConnection: () => near });
  session.on("error", () => {});
  const stream = session.request({});
  stream.on("error", () => {});
  far.on("error", () => {});
  far.resume();
  const headers = await new Promise<IncomingHttpHeaders>((resolve) => {
    const trailers = !startsWithStatus(block);
    stream.on(trailers ? "trailers" : "response", resolve);
    far.write(frame(SETTINGS, 0, 0));
    // Trailers come behind a `:status: 200`, entry 8 of HPACK's static table.
    if (trailers) far.write(frame(HEADERS, END_HEADERS, 1, Buffer.from([0x88])));
    far.write(frame(HEADERS, END_HEADERS | END_STREAM, 1, block));
  });
  session.destroy();
  far.destroy();
  return headers;
}

/** Whether the block begins (behind table size updates) with :status, indexed or as a literal with an indexed name. */
function startsWithStatus(block: Uint8Array): boolean {
  let at = 0;
  while (((block[at] ?? 0) & 0xe0) === 0x20) at++;
  const first = block[at] ?? 0;
  if ((first & 0x80) !== 0) return (first & 0x7f) >= 8 && (first & 0x7f) <= 14;
  return (first & ((first & 0x40) !== 0 ? 0x3f : 0x0f)) === 8;
}
