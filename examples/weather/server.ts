/** Serves a method of each kind. `node dist/server.js [address]` */
import { RpcError, Server, status } from "gen-stubs-runtime";
import { WeatherService } from "./gen/weather_grpc.js";

const celsius = new Map([
  ["Oslo", [21.5, 21.75, 22]],
  ["Rome", [30, 30.5, 29.5]],
]);

function readingsOf(name: string) {
  const values = celsius.get(name);
  if (values === undefined) throw new RpcError(status.NOT_FOUND, `there is no station in ${name}`);
  return values.map((value) => ({ place: name, celsius: value }));
}

const server = new Server({ onError: (error) => console.error(error) }).add(WeatherService, {
  now: ({ name }) => readingsOf(name)[0] ?? {},

  async *watch({ name }) {
    yield* readingsOf(name);
  },

  async report(call) {
    let count = 0;
    let sum = 0;
    for await (const { celsius } of call) {
      count++;
      sum += celsius;
    }
    return { count, mean: count === 0 ? 0 : sum / count };
  },

  async compare(call) {
    for await (const { name } of call) await call.send(readingsOf(name)[0] ?? {});
  },
});

const { address } = await server.listen(process.argv[2] ?? "127.0.0.1:50051");
console.log(`listening on ${address}`);

process.once("SIGTERM", () => server.shutdown({ graceMs: 1_000 }));
