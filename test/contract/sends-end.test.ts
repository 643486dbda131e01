import { expect } from "vitest";
import { type ClientWriter, RpcError } from "../../src/runtime/index.js";
import { contract } from "./harness/harness.js";

/** Sends until a send says that it is of no use: gives up after more sends than any window holds. */
async function sendOn(call: ClientWriter<{ value: Uint8Array }, unknown>): Promise<unknown> {
  const value = new Uint8Array(0);
  try {
    for (let i = 0; i < 200_000; i++) if (!(await call.send({ value }))) return "not accepted";
  } catch (error) {
    return error;
  }
  throw new Error("it would send for ever: nothing else runs in between");
}

contract("P8 a loop of sends", (keeps) => {
  keeps("P8 ends on a channel that is closed", async ({ start }) => {
    const { client, channel } = await start({});
    await channel.close();
    const call = client.upload();
    expect(await sendOn(call)).toBeInstanceOf(RpcError);
  });

  keeps("P8 ends when the call is refused by its options", async ({ start }) => {
    const { client } = await start({});
    const call = client.upload({ metadata: { "x-large": "v".repeat(70_000) } });
    expect(await sendOn(call)).toBeInstanceOf(RpcError);
  });
});
