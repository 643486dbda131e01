import { Server } from "gen-stubs-runtime";
import { DataServiceService } from "./gen/data_grpc.js";

const server = new Server();
server.add(DataServiceService, {
  getData: ({ id }) => ({ id, attributes: { a: "b" }, points: [{ labels: [{ key: "k" }] }], timestamp: 2n ** 60n }),
  async *subscribeData({ topics }) {
    for (const topic of topics) yield { topic };
  },
  async uploadFile(call) {
    let size = 0n;
    for await (const { content } of call) if (content.case === "data") size += BigInt(content.value.length);
    await call.sendAndClose({ size });
  },
  async chat(call) {
    for await (const { user, message } of call) await call.send({ user, message: message.toUpperCase() });
  },
});
const { address } = await server.listen("127.0.0.1:0");
console.log(address);
process.once("SIGTERM", () => server.shutdown());
