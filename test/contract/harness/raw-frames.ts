import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";

const PREFACE_LENGTH = 24;
const SETTINGS = 4;
const HEADERS = 1;
const PING = 6;
const ACK = 1;
const END_HEADERS = 4;

/** Sends one HTTP/2 frame on the call's stream. */
export type SendFrame = (type: number, flags: number, payload: Buffer) => void;

/** RST_STREAM with this code. */
export function reset(send: SendFrame, code: number): void {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(code);
  send(3, 0, payload);
}

/** `:status: 200` and the content-type of gRPC, in HPACK (RFC 7541: index 8, and a literal with the name at index 31). */
export function respond(send: SendFrame): void {
  const type = Buffer.from("application/grpc");
  send(HEADERS, END_HEADERS, Buffer.concat([Buffer.from([0x88, 0x0f, 0x10, type.length]), type]));
}

/** An HTTP/2 server that knows just enough to be called, and then sends the frames the test says (RFC 9113, section 4.1). */
export async function frameServer(
  onCall: (send: SendFrame) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    let input = Buffer.alloc(0);
    let skipped = false;
    write(socket, SETTINGS, 0, 0, Buffer.alloc(0));
    socket.on("data", (data) => {
      input = Buffer.concat([input, data]);
      if (!skipped && input.length >= PREFACE_LENGTH) {
        input = input.subarray(PREFACE_LENGTH);
        skipped = true;
      }
      while (skipped && input.length >= 9 && input.length >= 9 + input.readUIntBE(0, 3)) {
        const end = 9 + input.readUIntBE(0, 3);
        const [type, flags, id] = [input[3], input[4] ?? 0, input.readUInt32BE(5)];
        const payload = Buffer.from(input.subarray(9, end));
        input = input.subarray(end);
        if (type === SETTINGS && (flags & ACK) === 0) write(socket, SETTINGS, ACK, 0, Buffer.alloc(0));
        if (type === PING && (flags & ACK) === 0) write(socket, PING, ACK, 0, payload);
        if (type === HEADERS) onCall((kind, bits, bytes) => write(socket, kind, bits, id, bytes));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function write(socket: Socket, type: number, flags: number, id: number, payload: Buffer): void {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  socket.write(Buffer.concat([head, payload]));
}
