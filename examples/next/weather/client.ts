import { connect } from "gen-stubs-runtime";
import { WeatherClient } from "../gen/weather_grpc";

/** One channel for the whole server process. It connects when the first call is made. */
export const weather: WeatherClient = new WeatherClient(
  connect(process.env["GRPC_TARGET"] ?? "http://127.0.0.1:50051"),
);
