import { RpcError, status } from "gen-stubs-runtime";
import { expectCode, expectEqual } from "../guides/expect.js";
import { type InteropCase, requestSizes, responseSizes } from "./unary-cases.js";

export const streamingCases: Record<string, InteropCase> = {
  async client_streaming(client) {
    const call = client.streamingInputCall();
    for (const size of requestSizes) await call.send({ payload: { body: new Uint8Array(size) } });
    expectEqual("sum", (await call.closeAndRecv()).aggregatedPayloadSize, 74922);
  },

  async server_streaming(client) {
    const sizes: (number | undefined)[] = [];
    const responseParameters = responseSizes.map((size) => ({ size }));
    for await (const { payload } of client.streamingOutputCall({ responseParameters }))
      sizes.push(payload?.body.length);
    expectEqual("sizes", sizes, [...responseSizes]);
  },

  async ping_pong(client) {
    const call = client.fullDuplexCall();
    for (const [index, size] of responseSizes.entries()) {
      const body = new Uint8Array(requestSizes[index] ?? 0);
      await call.send({ responseParameters: [{ size }], payload: { body } });
      expectEqual("size", (await call.recv())?.payload?.body.length, size);
    }
    await call.closeSend();
    expectEqual("rest", await call.recv(), undefined);
  },

  async empty_stream(client) {
    const call = client.fullDuplexCall();
    await call.closeSend();
    expectEqual("first", await call.recv(), undefined);
  },

  async timeout_on_sleeping_server(client) {
    const call = client.fullDuplexCall({ timeoutMs: 1 });
    try {
      await call.send({ responseParameters: [{ size: 31415 }], payload: { body: new Uint8Array(27182) } });
    } catch (error) {
      // The deadline may pass before the message is accepted.
      if (!(error instanceof RpcError)) throw error;
    }
    // A quick server may answer first; the stream stays open all the same.
    const read = async (): Promise<void> => {
      for await (const _ of call);
    };
    await expectCode(status.DEADLINE_EXCEEDED, read());
  },

  async cancel_after_begin(client) {
    const call = client.streamingInputCall();
    call.cancel();
    await expectCode(status.CANCELLED, call.closeAndRecv());
  },

  async cancel_after_first_response(client) {
    const call = client.fullDuplexCall();
    await call.send({ responseParameters: [{ size: 31415 }], payload: { body: new Uint8Array(27182) } });
    expectEqual("size", (await call.recv())?.payload?.body.length, 31415);
    call.cancel();
    await expectCode(status.CANCELLED, call.recv());
  },
};
