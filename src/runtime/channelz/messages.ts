import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CallTotals, ConnectionStats, ConnectivityState } from "../transport/transport.js";
import {
  type AddressSchema,
  type SocketRefSchema,
  type SocketSchema,
  ChannelConnectivityState_State as State,
  type SubchannelSchema,
} from "./gen/grpc/channelz/v1/channelz_pb.js";

const STATES: Readonly<Record<ConnectivityState, State>> = {
  idle: State.IDLE,
  connecting: State.CONNECTING,
  ready: State.READY,
  transient_failure: State.TRANSIENT_FAILURE,
  shutdown: State.SHUTDOWN,
};

export function stateOf(state: ConnectivityState): { readonly state: State } {
  return { state: STATES[state] };
}

export function callsOf(calls: CallTotals): { callsStarted: bigint; callsSucceeded: bigint; callsFailed: bigint } {
  return {
    callsStarted: BigInt(calls.started),
    callsSucceeded: BigInt(calls.succeeded),
    callsFailed: BigInt(calls.failed),
  };
}

export function socketRef({ id, peer }: ConnectionStats): MessageInitShape<typeof SocketRefSchema> {
  return { socketId: BigInt(id), name: peer };
}

export function socketOf(connection: ConnectionStats): MessageInitShape<typeof SocketSchema> {
  const { calls, peer, local } = connection;
  return {
    ref: socketRef(connection),
    data: {
      streamsStarted: BigInt(calls.started),
      streamsSucceeded: BigInt(calls.succeeded),
      streamsFailed: BigInt(calls.failed),
    },
    local: addressOf(local ?? "[::]:0"), // where it is not known: grpcdebug panics where it is no address of TCP
    remote: addressOf(peer),
    remoteName: peer,
  };
}

/** A channel's connections to one address. Ready where one is, else connecting where one is. */
export function subchannelOf(
  subchannelId: bigint,
  target: string,
  connections: readonly ConnectionStats[],
): MessageInitShape<typeof SubchannelSchema> {
  const has = (state: ConnectionStats["state"]): boolean => connections.some((one) => one.state === state);
  const state = has("ready") ? "ready" : has("connecting") ? "connecting" : "idle";
  const total = (count: keyof CallTotals): number => connections.reduce((sum, { calls }) => sum + calls[count], 0);
  const calls = { started: total("started"), succeeded: total("succeeded"), failed: total("failed") };
  return {
    ref: { subchannelId, name: target },
    data: { state: stateOf(state), target, ...callsOf(calls) },
    socketRef: connections.map(socketRef),
  };
}

/** `127.0.0.1:80`, `[::1]:80`, or whatever else a peer is called. */
export function addressOf(peer: string): MessageInitShape<typeof AddressSchema> {
  const [, v6, v4, port] = /^(?:\[([\da-f:.]+)\]|(\d+(?:\.\d+){3})):(\d+)$/i.exec(peer) ?? [];
  const ipAddress = v4 !== undefined ? Uint8Array.from(v4.split("."), Number) : bytesOfV6(v6 ?? "");
  if (ipAddress === undefined) return { address: { case: "otherAddress", value: { name: peer } } };
  return { address: { case: "tcpipAddress", value: { ipAddress, port: Number(port) } } };
}

/** The 16 bytes of an address; undefined where it is none. */
function bytesOfV6(text: string): Uint8Array<ArrayBuffer> | undefined {
  const [, mapped, v4] = /^(.*:)(\d+(?:\.\d+){3})$/.exec(text) ?? [];
  if (mapped !== undefined && v4 !== undefined) {
    const [a = 0, b = 0, c = 0, d = 0] = v4.split(".").map(Number);
    return bytesOfV6(`${mapped}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`);
  }
  if (!text.includes(":") || text.split("::").length > 2) return undefined;
  const [head = "", tail] = text.split("::");
  const groups = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const missing = 8 - first.length - last.length;
  if (missing < 0 || (tail === undefined && missing !== 0)) return undefined;
  const all = [...first, ...Array.from({ length: missing }, () => 0), ...last];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
