import { afterAll, beforeAll, expect, test } from "vitest";
import { addressOf } from "../../src/runtime/channelz/messages.js";
import { ChannelzClient, ChannelzImplementation, ChannelzService } from "../../src/runtime/channelz.js";
import { type Channel, connect, Server, status } from "../../src/runtime/index.js";
import { rejection } from "../contract/harness/harness.js";
import { TrialClient, TrialService, withDefaults } from "../contract/harness/trial-service.js";

let server: Server;
let channel: Channel;
let admin: Server;
let adminChannel: Channel;
let channelz: ChannelzClient;
let address = "";

beforeAll(async () => {
  server = new Server().add(TrialService, withDefaults({ greet: (request) => request }));
  ({ address } = await server.listen("127.0.0.1:0"));
  channel = connect(`http://${address}`);
  await new TrialClient(channel).greet({ value: "" });
  await rejection(new TrialClient(channel).upload().closeAndRecv());
  const implementation = new ChannelzImplementation({ servers: [server], channels: [channel] });
  admin = new Server().add(ChannelzService, implementation);
  adminChannel = connect(`http://${(await admin.listen("127.0.0.1:0")).address}`);
  channelz = new ChannelzClient(adminChannel);
});

afterAll(async () => {
  await adminChannel.close();
  await admin.shutdown();
  await channel.close();
  await server.shutdown();
});

const calls = { callsStarted: 2n, callsSucceeded: 1n, callsFailed: 1n };

test("servers, with their calls and connections", async () => {
  const { server: servers, end } = await channelz.getServers({});
  expect([servers.length, end]).toEqual([1, true]);
  expect(servers[0]?.data).toMatchObject(calls);
  const serverId = servers[0]?.ref?.serverId ?? 0n;
  expect((await channelz.getServer({ serverId })).server).toEqual(servers[0]);
  const { socketRef } = await channelz.getServerSockets({ serverId });
  expect(socketRef.length).toBe(1);
  const { socket } = await channelz.getSocket({ socketId: socketRef[0]!.socketId });
  expect(socket?.data).toMatchObject({ streamsStarted: 2n, streamsSucceeded: 1n, streamsFailed: 1n });
  const [host = "", port = ""] = address.split(":");
  const here = { ipAddress: Uint8Array.from(host.split("."), Number), port: Number(port) };
  expect(socket?.local?.address).toMatchObject({ case: "tcpipAddress", value: here });
  expect(socket?.remote?.address).toMatchObject({
    case: "tcpipAddress",
    value: { ipAddress: Uint8Array.of(127, 0, 0, 1) },
  });
});

test("channels, with their state, target, calls and connections", async () => {
  const { channel: channels, end } = await channelz.getTopChannels({});
  expect([channels.length, end]).toEqual([1, true]);
  expect(channels[0]?.data).toMatchObject({ target: address, state: { state: 3 }, ...calls });
  const channelId = channels[0]?.ref?.channelId ?? 0n;
  expect((await channelz.getChannel({ channelId })).channel).toEqual(channels[0]);
  expect(channels[0]?.socketRef).toEqual([]); // it has subchannels, and they the sockets
  const subchannelId = channels[0]?.subchannelRef[0]?.subchannelId ?? 0n;
  const { subchannel } = await channelz.getSubchannel({ subchannelId });
  expect(subchannel?.data).toMatchObject({ target: address, state: { state: 3 }, ...calls });
  const socketId = subchannel?.socketRef[0]?.socketId ?? 0n;
  expect((await channelz.getSocket({ socketId })).socket?.remoteName).toBe(address);
});

test("a channel to several servers has a subchannel for each", async () => {
  const servers = await Promise.all(
    [0, 1].map(async () => {
      const one = new Server().add(TrialService, withDefaults({ greet: (request) => request }));
      return { one, port: (await one.listen("127.0.0.1:0")).port };
    }),
  );
  const many = connect(
    servers.map(({ port }) => `http://127.0.0.1:${port}`),
    { loadBalancing: "round_robin" },
  );
  const implementation = new ChannelzImplementation({ channels: [many] });
  const refs = () => implementation.getTopChannels({ startChannelId: 0n, maxResults: 0n }).channel?.[0]?.subchannelRef;
  while (many.stats?.().connections.filter(({ state }) => state === "ready").length !== 2) {
    await new TrialClient(many).greet({ value: "" });
  }
  expect(
    refs()
      ?.map(({ name }) => name)
      .toSorted(),
  ).toEqual(servers.map(({ port }) => `127.0.0.1:${port}`).toSorted());
  expect(refs()).toEqual(refs()); // they keep their ids
  const { subchannel } = implementation.getSubchannel({ subchannelId: BigInt(refs()?.[0]?.subchannelId ?? 0) });
  expect(subchannel?.socketRef?.length).toBe(1);
  await many.close();
  await Promise.all(servers.map(({ one }) => one.shutdown()));
});

test("pages: what comes from an id on, as much as is asked for", async () => {
  const many = new ChannelzImplementation({ servers: Array.from({ length: 250 }, () => new Server()) });
  const ids: bigint[] = [];
  let start = 0n;
  let pages = 0;
  for (let end = false; !end && pages < 10; pages++) {
    const answer = many.getServers({ startServerId: start, maxResults: 0n });
    ids.push(...(answer.server ?? []).map(({ ref }) => BigInt(ref?.serverId ?? 0n)));
    start = (ids.at(-1) ?? 0n) + 1n;
    end = answer.end ?? true;
  }
  expect([new Set(ids).size, pages]).toEqual([250, 3]);
  expect(many.getServers({ startServerId: 0n, maxResults: 7n })).toMatchObject({ server: { length: 7 }, end: false });
});

test("what is not there is NOT_FOUND", async () => {
  for (const request of [
    channelz.getServer({ serverId: 99999n }),
    channelz.getServerSockets({ serverId: 99999n }),
    channelz.getChannel({ channelId: 99999n }),
    channelz.getSubchannel({ subchannelId: 1n }),
    channelz.getSocket({ socketId: 99999n }),
  ]) {
    expect((await rejection(request)).code).toBe(status.NOT_FOUND);
  }
});

test.each([
  ["127.0.0.1:80", [127, 0, 0, 1]],
  ["[::1]:80", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ["[2001:db8::a:1]:443", [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 1]],
  ["[::ffff:1.2.3.4]:1", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4]],
])("the address %s", (peer, bytes) => {
  expect(addressOf(peer)).toMatchObject({ address: { value: { ipAddress: Uint8Array.from(bytes) } } });
});

test.each(["unix:/run/x", "unknown", "in-process", "[::1::2:3:4:5:6:7:8:9]:1"])("no address of IP: %s", (peer) => {
  expect(addressOf(peer)).toEqual({ address: { case: "otherAddress", value: { name: peer } } });
});
