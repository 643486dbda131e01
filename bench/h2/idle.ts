/** What an idle stream weighs: heap and resident bytes for both ends together, in one process (`node --expose-gc`). */

import { soon } from "../../src/runtime/core/turn.js";
import { Http2ClientConnection, Http2ServerConnection } from "../../src/runtime/h2/index.js";
import { MemoryPair } from "../../src/runtime/h2/memory-pair.js";
import { nodeEnvironment } from "../../src/runtime/platform/node/environment.js";
import { Caller, Driven, REQUEST, Sink, writeMessage } from "./exchange.js";

const COUNT = 10_000;
const near = new Driven();
const far = Object.assign(new Driven(), {
  onStream: (stream: ConstructorParameters<typeof Sink>[0]) => new Sink(stream),
});
const client = new Http2ClientConnection(near, nodeEnvironment);
const server = new Http2ServerConnection(far, nodeEnvironment, { maxConcurrentStreams: COUNT });
near.driver = far.driver = new MemoryPair(client, server, (run) => soon(run));
const turn = () => new Promise((done) => setImmediate(done));
await turn();

function used(): { heap: number; resident: number } {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

const before = used();
const streams = [];
for (let i = 0; i < COUNT; i++) {
  const stream = client.request(REQUEST, false, new Caller(client, 0, 0, () => {}));
  writeMessage(stream, 20, false);
  streams.push(stream);
  if (i % 100 === 0) await turn();
}
await turn();
await turn();
const after = used();
console.log(
  `${server.openStreams} idle streams: heap ${Math.round((after.heap - before.heap) / COUNT)} B, resident ${Math.round((after.resident - before.resident) / COUNT)} B a stream`,
);
client.close();
