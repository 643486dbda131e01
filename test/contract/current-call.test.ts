import { expect } from "vitest";
import { currentCall } from "../../src/runtime/current-call.js";
import { contextKey, type ServerCall, type ServerInterceptor } from "../../src/runtime/index.js";
import { contract, readAll, turn } from "./harness/harness.js";

const nameKey = contextKey<string>("name");

/** Code that was handed no call. */
async function deepDown(): Promise<ServerCall | undefined> {
  await turn();
  return currentCall();
}

contract("currentCall", (keeps) => {
  for (const interceptors of [[], [async (_, next) => await next()] satisfies ServerInterceptor[]]) {
    const how = interceptors.length === 0 ? "" : ", behind an interceptor";
    keeps(`currentCall: handlers of every kind find their own call${how}`, async ({ start }) => {
      const same: boolean[] = [];
      const check = async (call: ServerCall): Promise<void> => {
        same.push(currentCall() === call, (await deepDown()) === call);
      };
      const { client } = await start(
        {
          async greet(request, call) {
            await check(call);
            return request;
          },
          async *download({ value }, call) {
            for (let at = 0; at < value; at++) {
              await check(call);
              yield { value: new Uint8Array(60_000) };
            }
          },
          async upload(call) {
            for await (const _ of call) await check(call);
            await check(call);
            return { value: 1 };
          },
          async *chat(call) {
            for await (const note of call) {
              await check(call);
              yield note;
            }
          },
        },
        { interceptors },
      );
      const chat = client.chat();
      const upload = client.upload();
      await upload.sendAll([{ value: new Uint8Array(1) }, { value: new Uint8Array(2) }]);
      await Promise.all([client.greet({ value: "a" }), client.greet({ value: "b" }), upload.closeAndRecv()]);
      expect((await readAll(client.download({ value: 8 }))).messages).toHaveLength(8);
      await chat.send({ value: "hi" });
      expect((await chat.recv())?.value).toBe("hi");
      chat.cancel();
      expect(same).toHaveLength(2 * (2 + 3 + 8 + 1));
      expect(same).not.toContain(false);
      expect(currentCall()).toBeUndefined();
    });
  }

  keeps("currentCall: interceptors find it, and what they set is there for the deepest code", async ({ start }) => {
    const name: ServerInterceptor = async (call, next) => {
      await turn();
      expect(currentCall()?.method.path).toBe(call.method.path);
      currentCall()?.context.set(nameKey, call.metadata.get("name")[0]?.toString() ?? "");
      await next();
    };
    const { client } = await start(
      { greet: async () => ({ value: (await deepDown())?.context.get(nameKey) ?? "" }) },
      { interceptors: [name] },
    );
    const names = ["Ada", "Grace", "Barbara"];
    const greetings = await Promise.all(names.map((one) => client.greet({ value: "" }, { metadata: { name: one } })));
    expect(greetings.map(({ value }) => value)).toEqual(names);
  });
});
