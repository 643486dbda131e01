import { Module } from "@nestjs/common";
import { Stations } from "./stations.js";
import { WeatherController } from "./weather.controller.js";

@Module({ controllers: [WeatherController], providers: [Stations] })
export class AppModule {}
