// gRPC's interop client on our runtime:
// client.js --transport T --server_host H --server_port N --test_case A,B [--use_tls --ca_file F] [--soak_iterations N]
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Channel, status } from "gen-stubs-runtime";
import { TestServiceClient, UnimplementedServiceClient } from "../../gen/grpc/testing/test_grpc.js";
import { emit } from "../emit.js";
import { expectCode } from "../guides/expect.js";
import { open, type Transport } from "../transports.js";
import { streamingCases } from "./streaming-cases.js";
import { largeUnary, unaryCases } from "./unary-cases.js";

const { values } = parseArgs({
  options: {
    transport: { type: "string", default: "http2" },
    server_host: { type: "string", default: "localhost" },
    server_host_override: { type: "string" },
    server_port: { type: "string", default: "10000" },
    test_case: { type: "string", default: "large_unary" },
    use_tls: { type: "boolean", default: false },
    ca_file: { type: "string", default: "" },
    soak_iterations: { type: "string", default: "10" },
  },
});

function connect(): Channel {
  const serverName = values.server_host_override;
  const tls = values.use_tls
    ? { ca: readFileSync(values.ca_file), ...(serverName === undefined ? {} : { serverName }) }
    : undefined;
  // The run passes one of the two.
  return open(values.transport as Transport, `${values.server_host}:${values.server_port}`, { tls });
}

const cases: Record<string, (channel: Channel) => Promise<void>> = {
  async unimplemented_service(channel) {
    await expectCode(status.UNIMPLEMENTED, new UnimplementedServiceClient(channel).unimplementedCall({}));
  },
  async rpc_soak(channel) {
    const client = new TestServiceClient(channel);
    for (let i = 0; i < Number(values.soak_iterations); i++) await largeUnary(client);
  },
  async channel_soak() {
    for (let i = 0; i < Number(values.soak_iterations); i++) {
      const channel = connect();
      await largeUnary(new TestServiceClient(channel));
      await channel.close();
    }
  },
};
for (const [name, run] of Object.entries({ ...unaryCases, ...streamingCases })) {
  cases[name] = (channel) => run(new TestServiceClient(channel));
}

const channel = connect();
for (const name of values.test_case.split(",")) {
  try {
    const run = cases[name];
    if (run === undefined) throw new Error("our client has no such case");
    await run(channel);
    emit({ case: name, ok: true });
  } catch (error) {
    process.exitCode = 1;
    emit({ case: name, ok: false, detail: error instanceof Error ? error.message : String(error) });
  }
}
// P13: closing ends everything, after cancels and deadlines too.
const closed = await Promise.race([channel.close().then(() => true), delay(5000, false)]);
emit({ case: "close_channel", ok: closed, ...(closed ? {} : { detail: "close() does not resolve" }) });
process.exit();
