import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Channel } from "gen-stubs-runtime";
import {
  type ClientCompatRequest,
  ClientCompatRequestSchema,
  ClientCompatResponseSchema,
  ClientErrorResultSchema,
} from "../../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { readDelimited, writeDelimited } from "./delimited.js";
import { invoke } from "./invoke.js";

/** The channel for a test case. */
export type ChannelFor = (request: ClientCompatRequest) => Channel;

/** A case that hangs must not keep the others waiting. */
function hung(): Promise<never> {
  return new Promise((_, reject) =>
    setTimeout(() => reject(new Error("the call did not end within 8 s")), 8000).unref(),
  );
}

async function answer(channelFor: ChannelFor, request: ClientCompatRequest): Promise<void> {
  const response = create(ClientCompatResponseSchema, { testName: request.testName });
  try {
    const value = await Promise.race([invoke(channelFor(request), request), hung()]);
    response.result = { case: "response", value };
  } catch (error) {
    response.result = { case: "error", value: create(ClientErrorResultSchema, { message: String(error) }) };
  }
  writeDelimited(toBinary(ClientCompatResponseSchema, response));
}

/** Makes the calls of all test cases on stdin, and tells on stdout what came of each. */
export async function answerCases(channelFor: ChannelFor): Promise<void> {
  // A few at a time: all at once would turn the test of deadlines into one of this machine's speed.
  const input = readDelimited(process.stdin);
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let next = await input.next(); next.done !== true; next = await input.next()) {
        await answer(channelFor, fromBinary(ClientCompatRequestSchema, next.value));
      }
    }),
  );
}
