import { Server } from "gen-stubs-runtime";
import { fetchHandler } from "gen-stubs-runtime/web-server";
import { WeatherService } from "../../../gen/weather_grpc";
import { weather } from "../../../weather/client";

/** What pages may call: each call goes on to the gRPC server, with its deadline, and is cancelled with it. */
const server = new Server().add(WeatherService, {
  now: (place, call) => weather.now(place, { parent: call }),
  watch: (place, call) => weather.watch(place, { parent: call }),
});

export const POST = fetchHandler(server, { prefix: "/api" });
