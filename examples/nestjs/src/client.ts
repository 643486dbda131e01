import "reflect-metadata";
import { Injectable, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { RpcError } from "gen-stubs-runtime";
import { GrpcClientModule } from "gen-stubs-runtime/nestjs";
import { WeatherClient } from "./gen/weather_grpc.js";

@Injectable()
class Report {
  constructor(private readonly weather: WeatherClient) {}

  async print(): Promise<void> {
    console.log((await this.weather.now({ name: "Oslo" })).celsius);
    for await (const { celsius } of this.weather.watch({ name: "Rome" })) console.log(celsius);
    const report = this.weather.report();
    for (const celsius of [10, 20, 30]) await report.send({ place: "Oslo", celsius });
    console.log((await report.closeAndRecv()).mean);
    const compare = this.weather.compare();
    await compare.send({ name: "Paris" });
    console.log((await compare.recv())?.celsius);
    await compare.closeSend();
    await this.weather.now({ name: "" }).catch((error: RpcError) => console.log(error.details));
  }
}

const target = process.env["GRPC_TARGET"] ?? "http://127.0.0.1:50051";

@Module({ imports: [GrpcClientModule.register({ target, clients: [WeatherClient] })], providers: [Report] })
class ClientModule {}

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(ClientModule, { logger: ["error", "warn"] });
  await app.get(Report).print();
  await app.close();
}

void main();
