import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import type { MicroserviceOptions } from "@nestjs/microservices";
import { GrpcStrategy } from "gen-stubs-runtime/nestjs";
import { AppModule } from "./app.module.js";
import { WeatherService } from "./gen/weather_grpc.js";

async function main(): Promise<void> {
  const url = process.env["GRPC_URL"] ?? "127.0.0.1:50051";
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
    strategy: new GrpcStrategy({ services: [WeatherService], url, graceMs: 5_000 }),
    logger: ["error", "warn"],
  });
  app.enableShutdownHooks();
  await app.listen();
  console.log(`listening on ${url}`);
}

void main();
