import { type CallOptions, type Metadata, status } from "gen-stubs-runtime";
import type { TestServiceClient } from "../../gen/grpc/testing/test_grpc.js";
import { expectCode, expectEqual } from "../guides/expect.js";

/** One of the published test cases. */
export type InteropCase = (client: TestServiceClient) => Promise<void>;

export const requestSizes = [27182, 8, 1828, 45904] as const;
export const responseSizes = [31415, 9, 2653, 58979] as const;
export const initialKey = "x-grpc-test-echo-initial";
export const trailingKey = "x-grpc-test-echo-trailing-bin";
export const customMetadata = {
  [initialKey]: "test_initial_metadata_value",
  [trailingKey]: Buffer.from([0xab, 0xab, 0xab]),
};

const specialMessage = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";

export async function largeUnary(client: TestServiceClient, options?: CallOptions): Promise<void> {
  const request = { responseSize: 314159, payload: { body: new Uint8Array(271828) } };
  const response = await client.unaryCall(request, options);
  expectEqual("body", response.payload?.body.length, 314159);
  expectEqual(
    "zeros",
    response.payload?.body.every((byte) => byte === 0),
    true,
  );
}

/** Both headers of custom_metadata, where they belong. */
export function expectEcho(header: Metadata | undefined, trailer: Metadata | undefined): void {
  expectEqual("initial metadata", header?.get(initialKey), [customMetadata[initialKey]]);
  expectEqual("trailing metadata", trailer?.get(trailingKey), [customMetadata[trailingKey]]);
}

async function failing(client: TestServiceClient, message: string): Promise<void> {
  const responseStatus = { code: status.UNKNOWN, message };
  const unary = await expectCode(status.UNKNOWN, client.unaryCall({ responseStatus }));
  expectEqual("message", unary.details, message);
}

export const unaryCases: Record<string, InteropCase> = {
  async empty_unary(client) {
    await client.emptyCall({});
  },

  large_unary: (client) => largeUnary(client),

  special_status_message: (client) => failing(client, specialMessage),

  async status_code_and_message(client) {
    const message = "test status message";
    await failing(client, message);
    const call = client.fullDuplexCall();
    await call.send({ responseStatus: { code: status.UNKNOWN, message } });
    await call.closeSend();
    expectEqual("message", (await expectCode(status.UNKNOWN, call.recv())).details, message);
  },

  async custom_metadata(client) {
    let header: Metadata | undefined;
    let trailer: Metadata | undefined;
    await largeUnary(client, {
      metadata: customMetadata,
      onHeader: (metadata) => {
        header = metadata;
      },
      onTrailer: (metadata) => {
        trailer = metadata;
      },
    });
    expectEcho(header, trailer);
    const call = client.fullDuplexCall({ metadata: customMetadata });
    await call.send({ responseParameters: [{ size: 314159 }], payload: { body: new Uint8Array(271828) } });
    await call.closeSend();
    for await (const { payload } of call) expectEqual("size", payload?.body.length, 314159);
    expectEcho(await call.header, await call.trailer);
  },

  async unimplemented_method(client) {
    await expectCode(status.UNIMPLEMENTED, client.unimplementedCall({}));
  },
};
