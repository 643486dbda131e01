// The conformance suite's client on our runtime: client.js TRANSPORT, test cases on stdin
import type { Channel } from "gen-stubs-runtime";
import type { ClientCompatRequest } from "../../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { Compression } from "../../gen/connectrpc/conformance/v1/config_pb.js";
import { type ClientTls, open, type Transport } from "../transports.js";
import { answerCases } from "./answer-cases.js";

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

await answerCases(channelFor);
for (const channel of channels.values()) await channel.close();
