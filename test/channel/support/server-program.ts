import { http2Transport, Server } from "../../../src/runtime/index.js";
import { TrialService } from "../../contract/harness/trial-service.js";

/** How long calls may take once the process is told to end. */
const GRACE_MS = 1_500;

// A server as a pod has it: says where it is once it listens; SIGTERM lets calls finish, for a while.
const transport = http2Transport({ permitKeepaliveTimeMs: 1 });
let self = "";
const server: Server = new Server({ transport }).add(TrialService, {
  async greet({ value }) {
    if (value === "slow") await new Promise((resolve) => setTimeout(resolve, 20));
    return { value: self };
  },
  /** Messages until it is cancelled, or the server goes. */
  async download({ value }, call) {
    for (let sent = 0; sent < value || value === 0; sent++) {
      if (!(await call.send({ value: Uint8Array.of(sent & 255) }))) return;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  },
  async upload(call) {
    let bytes = 0;
    for await (const { value } of call) bytes += value.length;
    return { value: bytes };
  },
  async *chat(call) {
    for await (const message of call) yield { value: message.value };
  },
});
const { address } = await server.listen(process.argv[2] ?? "127.0.0.1:0");
self = address;
process.once("SIGTERM", () => void server.shutdown({ graceMs: GRACE_MS }).then(() => process.exit(0)));
console.log(address);
