import { webSocketChannel } from "../../../src/runtime/web-socket.js";
import { TrialClient } from "../../contract/harness/trial-service.js";
import { callsOver, ending } from "./calls.js";
import { expose } from "./expose.js";

const channel = webSocketChannel("/grpc", { initialBackoffMs: 60_000, maxBackoffMs: 60_000 });
const client = new TrialClient(channel);

expose({
  ...callsOver(channel),
  /** Both ways at once: sends the next when the answer to the last is there. */
  async chat(count: number) {
    await using call = client.chat();
    const answers: string[] = [];
    for (let i = 0; i < count; i++) {
      await call.send({ value: `message ${i}` });
      answers.push((await call.recv())?.value ?? "(end)");
    }
    await call.closeSend();
    return { answers, end: await call.recv() };
  },
  async refused(url: string) {
    await using other = webSocketChannel(url);
    return await ending(new TrialClient(other).greet({ value: "let me in" }));
  },
  async greetWhenReady(value: string) {
    return (await client.greet({ value }, { waitForReady: true })).value;
  },
  state: () => channel.state,
});
