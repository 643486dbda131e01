import {
  bidiStreaming,
  type Channel,
  type Codec,
  callBidiStreaming,
  callClientStreaming,
  callServerStreaming,
  callUnary,
  clientStreaming,
  type ServerCall,
  type ServerDuplex,
  type ServerReader,
  type ServerWriter,
  type Service,
  serverStreaming,
  service as serviceOf,
  unary,
} from "gen-stubs-runtime/codegen-v1";
import { Order, Total } from "../gen/ts-proto/bench.js";
import { encodedItemOf } from "../item.js";
import { GenStubsClient } from "./gen-stubs-client.js";

type Bytes = Uint8Array;

interface BytesHandlers {
  unary(item: Bytes, call: ServerCall): Bytes;
  serverStream(order: Bytes, call: ServerWriter<Bytes>): Promise<void>;
  clientStream(call: ServerReader<Bytes, Bytes>): Promise<void>;
  echo(call: ServerDuplex<Bytes, Bytes>): Promise<void>;
}

/** Bytes in, bytes out: what the runtime itself costs. */
const bytes: Codec<Bytes> = {
  typeName: "bytes",
  encode(message, into) {
    into.reserve(message.length);
    into.bytes.set(message, into.position);
    into.position += message.length;
  },
  decode: (message) => message,
};

const methods = {
  unary: unary("/bench.Bench/Unary", bytes, bytes),
  serverStream: serverStreaming("/bench.Bench/ServerStream", bytes, bytes),
  clientStream: clientStreaming("/bench.Bench/ClientStream", bytes, bytes),
  echo: bidiStreaming("/bench.Bench/Echo", bytes, bytes),
};

export const service: Service<BytesHandlers> = serviceOf("bench.Bench", methods);

export const handlers: BytesHandlers = {
  unary: (item) => item,
  async serverStream(order, call) {
    const { size, count } = Order.decode(order);
    const item = encodedItemOf(size);
    for (let i = 0; i < count; i++) await call.send(item);
  },
  async clientStream(call) {
    let count = 0;
    for await (const _ of call) count++;
    await call.sendAndClose(Total.encode({ count }).finish());
  },
  async echo(call) {
    for await (const item of call) await call.send(item);
  },
};

export function clientOf(channel: Channel) {
  return new GenStubsClient<Bytes, Bytes, Bytes, Bytes>(
    {
      unary: (request) => callUnary(channel, methods.unary, request),
      serverStream: (request) => callServerStreaming(channel, methods.serverStream, request),
      clientStream: () => callClientStreaming(channel, methods.clientStream),
      echo: () => callBidiStreaming(channel, methods.echo),
    },
    {
      item: encodedItemOf,
      order: (size, count) => Order.encode({ size, count }).finish(),
      readTotal: (total) => Total.decode(total).count,
    },
  );
}
