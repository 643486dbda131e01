import { expect } from "vitest";
import { contract } from "./harness/harness.js";

contract("the state of a channel", (keeps) => {
  keeps("is idle before the first call, ready after it, and shutdown once closed", async ({ start }) => {
    const { client, channel } = await start({ greet: (request) => request });
    expect(channel.state).toBe("idle");
    await client.greet({ value: "a" });
    expect(channel.state).toBe("ready");
    await channel.close();
    expect(channel.state).toBe("shutdown");
  });
});
