import { expect } from "vitest";
import { RpcError, status } from "../../src/runtime/index.js";
import { contract, rejection } from "./harness/harness.js";

contract("errors", (keeps) => {
  keeps("errors name the call, and the stack names its caller", async ({ start }) => {
    const { client } = await start({
      greet: () => {
        throw new RpcError(status.NOT_FOUND, "no such thing");
      },
      async download() {
        throw new RpcError(status.NOT_FOUND, "no such thing");
      },
    });
    async function businessLogic(): Promise<unknown> {
      return await client.greet({ value: "" });
    }
    async function streamLogic(): Promise<void> {
      for await (const _ of client.download({ value: 0 }));
    }
    const unary = await rejection(businessLogic());
    expect(unary.method).toBe("/contract.v1.Trial/Greet");
    expect(unary.message).toMatch(/^\[NOT_FOUND\] no such thing \(\/contract\.v1\.Trial\/Greet/);
    expect(unary.stack).toMatch(/at businessLogic .*errors-tell\.test/);
    const stream = await rejection(streamLogic());
    expect(stream.method).toBe("/contract.v1.Trial/Download");
    expect(stream.stack).toMatch(/at streamLogic .*errors-tell\.test/);
  });
});
