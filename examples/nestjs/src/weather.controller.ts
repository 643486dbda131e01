import { Controller } from "@nestjs/common";
import { RpcError, status } from "gen-stubs-runtime";
import { type ControllerOf, GrpcController, type RequestStream } from "gen-stubs-runtime/nestjs";
import { map, type Observable } from "rxjs";
import { type WeatherHandlers, WeatherService } from "./gen/weather_grpc.js";
import type { Place, Reading } from "./gen/weather_pb.js";
import { Stations } from "./stations.js";

@Controller()
@GrpcController(WeatherService)
export class WeatherController implements ControllerOf<WeatherHandlers> {
  constructor(private readonly stations: Stations) {}

  now({ name }: Place) {
    if (name === "") throw new RpcError(status.INVALID_ARGUMENT, "a place needs a name");
    return { place: name, celsius: this.stations.celsius(name) };
  }

  async *watch({ name }: Place) {
    for (const change of [0, 0.5, 1]) yield { place: name, celsius: this.stations.celsius(name) + change };
  }

  async report(readings: RequestStream<Reading>) {
    let count = 0;
    let sum = 0;
    for await (const { celsius } of readings) {
      count++;
      sum += celsius;
    }
    return { count, mean: sum / count };
  }

  compare(places: RequestStream<Place>): Observable<{ place: string; celsius: number }> {
    return places.pipe(map(({ name }) => ({ place: name, celsius: this.stations.celsius(name) })));
  }
}
