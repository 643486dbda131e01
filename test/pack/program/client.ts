import { connect } from "gen-stubs-runtime";
import { DataServiceClient } from "./gen/data_grpc.js";

await using channel = connect(`http://${process.argv[2]}`);
const client = new DataServiceClient(channel);

const { attributes, points, timestamp } = await client.getData({ id: "1" });
console.log("unary", attributes["a"], points[0]?.labels[0]?.key, timestamp);

for await (const { topic } of client.subscribeData({ topics: ["x", "y"] })) console.log("server stream", topic);

const upload = client.uploadFile();
await upload.send({ content: { case: "metadata", value: { fileName: "f" } } });
for (let i = 0; i < 100; i++) await upload.send({ content: { case: "data", value: new Uint8Array(1000) } });
console.log("client stream", (await upload.closeAndRecv()).size);

await using chat = client.chat();
await chat.sendAll([{ message: "hello" }, { message: "bye" }]);
await chat.closeSend();
for await (const { message } of chat) console.log("both ways", message);
