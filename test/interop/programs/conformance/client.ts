// The conformance suite's client on our runtime: client.js TRANSPORT, test cases on stdin
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Channel } from "gen-stubs-runtime";
import {
  type ClientCompatRequest,
  ClientCompatRequestSchema,
  ClientCompatResponseSchema,
  ClientErrorResultSchema,
} from "../../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { Compression } from "../../gen/connectrpc/conformance/v1/config_pb.js";
import { type ClientTls, open, type Transport } from "../transports.js";
import { readDelimited, writeDelimited } from "./delimited.js";
import { invoke } from "./invoke.js";

// The run passes one of the two.
const transport = process.argv[2] as Transport;
/** One channel for all cases that connect alike: connecting takes time from their deadlines. */
const channels = new Map<string, Channel>();

function channelFor(request: ClientCompatRequest): Channel {
  const { host, port, messageReceiveLimit, compression } = request;
  const tls = tlsOf(request);
  const key = [host, port, messageReceiveLimit, compression, tls?.ca.toString(), tls?.cert?.toString()].join(" ");
  let channel = channels.get(key);
  if (channel === undefined) {
    channel = open(transport, `${host}:${port}`, {
      tls,
      gzip: compression === Compression.GZIP,
      maxReceiveBytes: messageReceiveLimit > 0 ? messageReceiveLimit : undefined,
    });
    channels.set(key, channel);
  }
  return channel;
}

function tlsOf({ serverTlsCert, clientTlsCreds }: ClientCompatRequest): ClientTls | undefined {
  if (serverTlsCert.length === 0) return undefined;
  const ca = Buffer.from(serverTlsCert);
  if (clientTlsCreds === undefined) return { ca };
  return { ca, cert: Buffer.from(clientTlsCreds.cert), key: Buffer.from(clientTlsCreds.key) };
}

/** A case that hangs must not keep the others waiting. */
function hung(): Promise<never> {
  return new Promise((_, reject) =>
    setTimeout(() => reject(new Error("the call did not end within 8 s")), 8000).unref(),
  );
}

async function answer(request: ClientCompatRequest): Promise<void> {
  const response = create(ClientCompatResponseSchema, { testName: request.testName });
  try {
    const value = await Promise.race([invoke(channelFor(request), request), hung()]);
    response.result = { case: "response", value };
  } catch (error) {
    response.result = { case: "error", value: create(ClientErrorResultSchema, { message: String(error) }) };
  }
  writeDelimited(toBinary(ClientCompatResponseSchema, response));
}

// A few at a time: all at once would turn the test of deadlines into one of this machine's speed.
const input = readDelimited(process.stdin);
await Promise.all(
  Array.from({ length: 4 }, async () => {
    for (let next = await input.next(); next.done !== true; next = await input.next()) {
      await answer(fromBinary(ClientCompatRequestSchema, next.value));
    }
  }),
);
for (const channel of channels.values()) await channel.close();
