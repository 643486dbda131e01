/** Readings of the weather for the page of `src/`, over the Connect protocol: `server.js [address] [origin of the page]`. */
import { setTimeout } from "node:timers/promises";
import { Server } from "gen-stubs-runtime";
import { webDoors } from "gen-stubs-runtime/web-server";
import { WeatherService } from "../gen/weather_grpc.js";

const [address = "127.0.0.1:8080", origin = "http://localhost:5173"] = process.argv.slice(2);

const reading = (place: string, number: number) => ({ place, number, celsius: 20 + 5 * Math.sin(number / 5) });

const server = new Server().add(WeatherService, {
  now: ({ name }) => reading(name, 0),
  async *watch({ name }, call) {
    // Ends with the call: the page was left, or shows another place.
    for (let number = 0; ; number++) {
      yield reading(name, number);
      await setTimeout(200, undefined, { signal: call.signal });
    }
  },
});
const { port } = await server.listen(address, { web: webDoors({ origins: [origin] }) });
console.log(`listening on 127.0.0.1:${port}`);
process.once("SIGTERM", () => void server.shutdown());
