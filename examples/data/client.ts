/** Calls one method of each kind. `node dist/client.js [address] [file to upload]` */
import { connect, RpcError } from "gen-stubs-runtime";
import { DataServiceClient } from "./gen/data_grpc.js";
import { subscribe } from "./subscribe.js";
import { upload } from "./upload.js";

const [address = "127.0.0.1:50051", path = process.argv[1] ?? ""] = process.argv.slice(2);

await using channel = connect(`http://${address}`);
const client = new DataServiceClient(channel);

// unary
const item = await client.getData({ id: "42" }, { timeoutMs: 5_000 });
console.log(`unary: ${item.name}, ${item.attributes["colour"]}`);
try {
  await client.getData({ id: "" });
} catch (error) {
  if (error instanceof RpcError) console.log(`unary: ${error.message}`);
}

// server stream
let count = 0;
for await (const { topic } of subscribe(client, ["temperature"])) {
  console.log(`server stream: ${topic} ${++count}`);
  if (count === 3) break;
}

// client stream
const { size, sha256 } = await upload(client, path);
console.log(`client stream: ${size} bytes, SHA-256 ${sha256}`);

// both ways
await using chat = client.chat();
for (const message of ["hello", "goodbye"]) {
  await chat.send({ user: "ann", message });
  console.log(`both ways: ${(await chat.recv())?.message}`);
}
await chat.closeSend();
