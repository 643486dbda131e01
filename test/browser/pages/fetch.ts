import { RpcError } from "../../../src/runtime/core/rpc-error.js";
import { resume } from "../../../src/runtime/resume.js";
import { fetchChannel } from "../../../src/runtime/web.js";
import { TrialClient } from "../../contract/harness/trial-service.js";
import { callsOver, ending } from "./calls.js";
import { expose } from "./expose.js";

// The test says in the page's URL where the services are, and by which protocol.
const asked = new URLSearchParams(location.search);
const protocol = asked.get("protocol") === "grpc-web" ? "grpc-web" : "connect";
const channel = fetchChannel(asked.get("server") ?? "/", { protocol });
const client = new TrialClient(channel);

let stoppedAt = 0;
let goOn = () => {};
function stop(at: number): Promise<void> {
  stoppedAt = at;
  return new Promise((resolve) => {
    goOn = resolve;
  });
}
const numberOf = ({ value }: { readonly value: Uint8Array }): number =>
  new DataView(value.buffer, value.byteOffset).getInt32(0);

expose({
  ...callsOver(channel),
  /** What a call ended with whose method a page may not call, or this browser cannot. */
  endOf: (value: string) => ending(client.greet({ value })),
  chatEnds: () => ending(client.chat().recv()),
  uploadEnds: () => ending(client.upload().closeAndRecv()),
  /** Metadata of an error's. */
  async why() {
    const thrown: unknown = await client.greet({ value: "" }).catch((error: unknown) => error);
    return thrown instanceof RpcError ? thrown.metadata.get("why") : [];
  },
  /**
   * Numbered messages over as many calls as it takes; before each of these numbers it waits for `goOn`, so that the network can be cut
   * while more is to come.
   */
  async follow(count: number, stops: number[]) {
    const from = (after: number | undefined) => client.download({ value: -1 - (after === undefined ? 0 : after + 1) });
    const onResume = () => void calls++;
    let [next, inOrder, calls] = [0, true, 1];
    for await (const message of resume(from, { token: numberOf, onResume, initialBackoffMs: 20, maxBackoffMs: 100 })) {
      inOrder &&= numberOf(message) === next++;
      if (stops.includes(next)) await stop(next);
      if (next === count) break;
    }
    return { messages: next, inOrder, calls };
  },
  stoppedAt: () => stoppedAt,
  goOn: () => goOn(),
});
