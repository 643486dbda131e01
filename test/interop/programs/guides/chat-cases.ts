import { status } from "gen-stubs-runtime";
import { ChatClient } from "../../gen/chat_grpc.js";
import type { Case } from "./case.js";
import { expectCode, expectEqual } from "./expect.js";

export const chatCases: Record<string, Case> = {
  async "chat.talk"(channel, options) {
    const chat = new ChatClient(channel).chatStream(options);
    for (let i = 0; i < 50; i++) {
      await chat.send({ user: "ours", message: `m${i}`, timestamp: "now" });
      expectEqual("reply", (await chat.recv())?.message, `echo: m${i}`);
    }
    await chat.closeSend();
    expectEqual("rest", await chat.recv(), undefined);
  },

  async "chat.many"(channel, options) {
    const chat = new ChatClient(channel).chatStream(options);
    const messages = Array.from({ length: 1000 }, (_, i) => ({ message: String(i) }));
    const sending = chat.sendAll(messages).then(() => chat.closeSend());
    const replies: string[] = [];
    for await (const { message } of chat) replies.push(message);
    await sending;
    expectEqual(
      "replies",
      replies,
      messages.map(({ message }) => `echo: ${message}`),
    );
  },

  async "chat.metadata"(channel, options) {
    const bytes = Buffer.from([0, 1, 255]);
    const metadata = { ...options.metadata, "x-client": "one", "x-client-bin": bytes };
    const chat = new ChatClient(channel).chatStream({ ...options, metadata });
    const header = await chat.header;
    expectEqual("header", [header.get("x-echo"), header.get("x-echo-bin")], [["one"], [bytes]]);
    await chat.send({ message: "m" });
    await chat.closeSend();
    for await (const _ of chat);
    expectEqual("trailer", (await chat.trailer).get("x-received"), ["1"]);
  },

  async "chat.status"(channel, options) {
    const chat = new ChatClient(channel).chatStream(options);
    await chat.send({ message: "hello" });
    expectEqual("reply", (await chat.recv())?.message, "echo: hello");
    await chat.send({ message: "boom" });
    expectEqual("details", (await expectCode(status.ABORTED, chat.recv())).details, "boom it is");
  },

  async "chat.cancel"(channel, options) {
    const chat = new ChatClient(channel).chatStream(options);
    await chat.send({ message: "hello" });
    await chat.recv();
    chat.cancel();
    await expectCode(status.CANCELLED, chat.recv());
  },

  async "chat.deadline"(channel, options) {
    const chat = new ChatClient(channel).chatStream({ ...options, timeoutMs: 300 });
    await expectCode(status.DEADLINE_EXCEEDED, chat.recv());
  },

  async "chat.server_ends"(channel, options) {
    const chat = new ChatClient(channel).chatStream(options);
    await chat.send({ message: "bye" });
    expectEqual("rest", await chat.recv(), undefined);
  },
};
