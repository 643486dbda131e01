/** Sends the lines of standard input, prints what others say. `node dist/client.js ann [address]` */
import { createInterface } from "node:readline";
import { connect } from "gen-stubs-runtime";
import { ChatClient } from "./gen/chat_grpc.js";

const [user = "somebody", address = "127.0.0.1:50051"] = process.argv.slice(2);

await using channel = connect(`http://${address}`);
await using chat = new ChatClient(channel).chatStream();

await chat.header;
console.log(`${user} is in the room`);

async function say(): Promise<void> {
  for await (const message of createInterface({ input: process.stdin })) await chat.send({ user, message });
  await chat.closeSend();
}

async function listen(): Promise<void> {
  for await (const { user, message } of chat) console.log(`${user}: ${message}`);
}

await Promise.all([say(), listen()]);
