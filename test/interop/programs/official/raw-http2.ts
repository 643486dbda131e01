import { connect, createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http2";
import type { AddressInfo } from "node:net";

/** One gRPC frame as it was on the wire. */
export interface Frame {
  readonly compressed: boolean;
  readonly body: Buffer;
}

export interface Exchange {
  readonly headers: IncomingHttpHeaders;
  readonly frames: Frame[];
  readonly trailers: IncomingHttpHeaders;
}

export function frame(body: Uint8Array, compressed: boolean): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed ? 1 : 0);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

function frames(bytes: Buffer): Frame[] {
  const found: Frame[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    found.push({ compressed: bytes[at] === 1, body: bytes.subarray(at + 5, end) });
    at = end;
  }
  return found;
}

/** Makes one call with frames of the caller's own making, and keeps what comes back as it was. */
export async function rawCall(
  port: number,
  path: string,
  headers: OutgoingHttpHeaders,
  sent: Buffer,
): Promise<Exchange> {
  const session = connect(`http://127.0.0.1:${port}`);
  try {
    return await new Promise((resolve, reject) => {
      session.on("error", reject);
      const fixed = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
      const stream = session.request({ ...fixed, ...headers });
      const chunks: Buffer[] = [];
      let answer: IncomingHttpHeaders = {};
      let trailers: IncomingHttpHeaders = {};
      stream.on("response", (received) => {
        answer = received;
      });
      stream.on("trailers", (received) => {
        trailers = received;
      });
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("error", reject);
      stream.on("close", () => resolve({ headers: answer, frames: frames(Buffer.concat(chunks)), trailers }));
      stream.end(sent);
    });
  } finally {
    session.close();
  }
}

/** A server for one call: answers with the given bytes, and tells what was sent to it. */
export async function rawServer(headers: OutgoingHttpHeaders, answer: (sent: Frame[]) => Buffer) {
  const server = createServer();
  const seen = new Promise<{ headers: IncomingHttpHeaders; frames: Frame[] }>((resolve) => {
    server.on("stream", (stream, received) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const sent = frames(Buffer.concat(chunks));
        stream.respond({ ":status": 200, "content-type": "application/grpc", ...headers }, { waitForTrailers: true });
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
        stream.end(answer(sent));
        resolve({ headers: received, frames: sent });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A TCP server's address is an object.
  return { port: (server.address() as AddressInfo).port, seen, close: () => server.close() };
}
