import { connect, Server } from "gen-stubs-runtime";
import { BenchClient, BenchService } from "../gen/es/bench_grpc.js";
import { itemOf } from "../item.js";
import { handlers } from "../peers/gen-stubs-es.js";
import type { Holder } from "./holder.js";

/** Our stubs over our own transport, options at their defaults. */
export const genStubs: Holder = {
  async serve(count) {
    const server = new Server().add(BenchService, {
      ...handlers,
      async echo(call) {
        count(1);
        try {
          for await (const item of call) await call.send(item);
        } finally {
          count(-1);
        }
      },
    });
    return (await server.listen("127.0.0.1:0")).port;
  },
  connect(port) {
    const client = new BenchClient(connect(`http://127.0.0.1:${port}`));
    return {
      async open() {
        const call = client.echo();
        await call.send(itemOf(20));
        if ((await call.recv()) === undefined) throw new Error("the server ended the stream");
        return async () => {
          call.cancel();
          await call.status;
        };
      },
    };
  },
};
