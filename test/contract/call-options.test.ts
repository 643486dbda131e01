import { expect } from "vitest";
import { type CallOptions, status } from "../../src/runtime/index.js";
import { contract, rejection } from "./harness/harness.js";

/** As a caller without types writes it. */
const misspelt: CallOptions = Object.assign<CallOptions, object>({}, { timeout: 5 });

contract("the options of a call", (keeps) => {
  keeps("P17 one that nobody knows is named, and the call is not made", async ({ start }) => {
    let calls = 0;
    const { client } = await start({
      greet(request) {
        calls++;
        return request;
      },
    });
    const error = await rejection(client.greet({ value: "" }, misspelt));
    expect(error).toMatchObject({ code: status.INTERNAL });
    expect(error.message).toContain('a call knows no option "timeout"; it takes metadata, signal, timeoutMs');
    await expect(client.upload(misspelt).closeAndRecv()).rejects.toMatchObject({ code: status.INTERNAL });
    await expect(client.greet({ value: "known" }, { signal: undefined, timeoutMs: 60_000 })).resolves.toMatchObject({
      value: "known",
    });
    expect(calls).toBe(1);
  });
});
