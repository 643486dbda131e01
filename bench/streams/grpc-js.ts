import { credentials, type ServerDuplexStream } from "@grpc/grpc-js";
import { BenchClient, BenchService, type Item } from "../gen/ts-proto/bench.js";
import { itemOf } from "../item.js";
import { serveGrpcJs } from "../peers/grpc-js-server.js";
import type { Holder } from "./holder.js";

/** Raw grpc-js: ts-proto stubs, event API, options at their defaults. */
export const grpcJs: Holder = {
  serve(count) {
    const unused = () => {
      throw new Error("not part of this measurement");
    };
    return serveGrpcJs(BenchService, {
      unary: unused,
      serverStream: unused,
      clientStream: unused,
      echo(call: ServerDuplexStream<Item, Item>) {
        count(1);
        let open = true;
        const over = () => {
          if (open) count(-1);
          open = false;
        };
        call.on("data", (item: Item) => call.write(item));
        call.on("end", () => call.end());
        call.on("cancelled", over);
        call.on("close", over);
        call.on("error", over);
      },
    });
  },
  connect(port) {
    const client = new BenchClient(`127.0.0.1:${port}`, credentials.createInsecure());
    return {
      open: () =>
        new Promise((resolve, reject) => {
          const call = client.echo();
          const ended = new Promise<void>((done) => call.on("status", () => done()));
          call.on("error", reject);
          call.once("data", () =>
            resolve(() => {
              call.cancel();
              return ended;
            }),
          );
          call.write(itemOf(20));
        }),
    };
  },
};
