/** The gRPC server behind the pages. `tsx weather/server.ts [address]` */
import { setTimeout } from "node:timers/promises";
import { Server } from "gen-stubs-runtime";
import { WeatherService } from "../gen/weather_grpc";

const reading = (place: string, number: number) => ({ place, number, celsius: 20 + 5 * Math.sin(number / 5) });

const server = new Server({ onError: (error) => console.error(error) }).add(WeatherService, {
  now: ({ name }) => reading(name, 0),
  async *watch({ name }, call) {
    // Ends with the call: the page was left.
    for (let number = 0; ; number++) {
      yield reading(name, number);
      await setTimeout(200, undefined, { signal: call.signal });
    }
  },
});

server
  .listen(process.argv[2] ?? "127.0.0.1:50051")
  .then(({ address }) => console.log(`the gRPC server listens on ${address}`));

process.once("SIGTERM", () => server.shutdown({ graceMs: 1_000 }));
