// The conformance suite's client on fetchChannel, with Node's own fetch: fetch-client.js, test cases on stdin
import type { Channel } from "gen-stubs-runtime";
import { esJson } from "gen-stubs-runtime/json";
import { fetchChannel } from "gen-stubs-runtime/web";
import type { ClientCompatRequest } from "../../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { Codec, Protocol } from "../../gen/connectrpc/conformance/v1/config_pb.js";
import { answerCases } from "./answer-cases.js";

/** Undici's Agent, as Node has it inside: what gives its fetch certificates. It is there once fetch was asked for. */
type AgentOptions = { readonly connect: { readonly ca: string; readonly cert?: string; readonly key?: string } };
type AgentClass = new (options: AgentOptions) => NonNullable<RequestInit["dispatcher"]>;

const channels = new Map<string, Channel>();

function channelFor(request: ClientCompatRequest): Channel {
  const { host, port, protocol, codec, messageReceiveLimit, useGetHttpMethod } = request;
  const tls = tlsOf(request);
  const key = [host, port, protocol, codec, messageReceiveLimit, useGetHttpMethod, tls?.ca, tls?.cert].join(" ");
  let channel = channels.get(key);
  if (channel === undefined) {
    channel = fetchChannel(`${tls === undefined ? "http" : "https"}://${host}:${port}`, {
      protocol: protocol === Protocol.CONNECT ? "connect" : "grpc-web",
      json: codec === Codec.JSON ? esJson() : undefined,
      useHttpGet: useGetHttpMethod,
      maxReceiveMessageBytes: messageReceiveLimit > 0 ? messageReceiveLimit : undefined,
      fetch: tls === undefined ? undefined : fetchWith(tls),
    });
    channels.set(key, channel);
  }
  return channel;
}

function tlsOf({ serverTlsCert, clientTlsCreds }: ClientCompatRequest): AgentOptions["connect"] | undefined {
  if (serverTlsCert.length === 0) return undefined;
  const ca = Buffer.from(serverTlsCert).toString();
  if (clientTlsCreds === undefined) return { ca };
  return { ca, cert: Buffer.from(clientTlsCreds.cert).toString(), key: Buffer.from(clientTlsCreds.key).toString() };
}

function fetchWith(connect: AgentOptions["connect"]): typeof globalThis.fetch {
  const dispatchers = globalThis as unknown as Record<symbol, { constructor: AgentClass } | undefined>; // undici's own place
  const Agent = dispatchers[Symbol.for("undici.globalDispatcher.1")]?.constructor;
  if (Agent === undefined) throw new Error("this Node has no undici inside");
  const dispatcher = new Agent({ connect });
  return (input, init) => fetch(input, { ...init, dispatcher });
}

await fetch("data:,").then((response) => response.text()); // so that undici is loaded
await answerCases(channelFor);
for (const channel of channels.values()) await channel.close();
