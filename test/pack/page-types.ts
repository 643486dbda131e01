/** What a page may import, and what it may do with it. */
export const page = `
import { RpcError, status, fetchChannel, type ClientInterceptor, type ClientReader } from "gen-stubs-runtime/web";
import { webSocketChannel } from "gen-stubs-runtime/web-socket";
import { resume } from "gen-stubs-runtime/resume";
import { logging } from "gen-stubs-runtime/interceptors";
import { BadRequestSchema } from "gen-stubs-runtime/errors";
import { readBytes } from "gen-stubs-runtime/bytes";
import { type Response as StreamResponse } from "../src/gen/stream_pb.js";
import { StreamServiceClient } from "../src/gen/stream_grpc.js";
import { ChatClient } from "../src/gen/chat_grpc.js";

const interceptors: ClientInterceptor[] = [logging().client];
const client = new StreamServiceClient(fetchChannel("/api", { protocol: "connect", interceptors }));
const chat = new ChatClient(webSocketChannel("/grpc", { ticket: async () => "t", maxReceiveMessageBytes: 1000 }));
export const both = [resume, readBytes, chat] as const;

export async function show(): Promise<void> {
  const call: ClientReader<StreamResponse> = client.fetchResponse({ id: 1 }, { signal: AbortSignal.timeout(1000) });
  try {
    for await (const { result } of call) document.body.append(result);
  } catch (error) {
    if (error instanceof RpcError && error.code === status.INVALID_ARGUMENT) {
      document.body.append(...error.findDetails(BadRequestSchema).map((detail) => detail.fieldViolations[0]?.field ?? ""));
    }
  }
}

// What the options do not have, they have not here either: types that nobody found would be \`any\`.
// @ts-expect-error certificates are the browser's
webSocketChannel("/grpc", { tls: {} });
// @ts-expect-error a number
webSocketChannel("/grpc", { maxReceiveMessageBytes: "1000" });
// @ts-expect-error nothing of Node is known here
export const nothing: typeof import("node:fs") = 1;
`;
