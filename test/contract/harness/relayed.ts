import { connect, Server } from "../../../src/runtime/index.js";
import { Relay } from "../../harness/relay/index.js";
import type { Transport } from "./harness.js";
import { TrialService } from "./trial-service.js";

/** Both ends on our own HTTP/2, with a relay between them that cuts, joins and delays the bytes by a seed. */
export const relayed = (seed: number): Transport => ({
  name: "http2, through a relay that cuts the bytes anywhere",
  cannot: {},
  async start(handlers, options, tls) {
    const server = new Server(options).add(TrialService, handlers);
    const { port } = await server.listen("127.0.0.1:0", { tls: tls?.server });
    const relay = await Relay.start({ target: { port }, seed });
    const channel =
      tls === undefined
        ? connect(`http://127.0.0.1:${relay.port}`)
        : connect(`https://127.0.0.1:${relay.port}`, { tls: tls.client });
    const shutdown = async (graceMs: number): Promise<void> => {
      await server.shutdown({ graceMs });
      await relay.close();
    };
    return { channel, port, shutdown };
  },
  connect: (port) => connect(`http://127.0.0.1:${port}`),
});
