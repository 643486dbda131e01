// A server and a channel that have had some calls, and their channelz on an address of its own: channelz.js. Prints the addresses.
import { connect, Server } from "gen-stubs-runtime";
import { ChannelzImplementation, ChannelzService } from "gen-stubs-runtime/channelz";
import { HealthClient, HealthImplementation, HealthService } from "gen-stubs-runtime/health";
import { emit } from "../emit.js";

const server = new Server().add(HealthService, new HealthImplementation());
const { address } = await server.listen("127.0.0.1:0");
const channel = connect([`http://${address}`], { loadBalancing: "round_robin" });
const health = new HealthClient(channel);
for (let at = 0; at < 3; at++) await health.check({});
await health.check({ service: "no.such" }).catch(() => {});

const admin = new Server()
  .add(HealthService, new HealthImplementation())
  .add(ChannelzService, new ChannelzImplementation({ servers: [server], channels: [channel] }));
const { address: adminAddress } = await admin.listen("127.0.0.1:0");
emit({ address, admin: adminAddress });
process.once("SIGTERM", () => void Promise.all([channel.close(), server.shutdown(), admin.shutdown()]));
