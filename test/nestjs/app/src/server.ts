/** `node server.js nest|loaded|generated <protos>`: prints its port; one line `down` on standard input ends it. */
import "reflect-metadata";
import { createServer } from "node:net";
import { join } from "node:path";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { type MicroserviceOptions, Transport } from "@nestjs/microservices";
import { GrpcStrategy } from "gen-stubs-runtime/nestjs";
import { EndsService, LibraryService } from "./gen/library_grpc.js";
import { EndsController, LibraryController } from "./library.controller.js";

@Module({ controllers: [EndsController, LibraryController] })
class AppModule {}

const [transport, protos = ""] = process.argv.slice(2);
const url = `127.0.0.1:${await freePort()}`;
const options = { package: "library.v1", protoPath: join(protos, "library.proto"), url };
const logger = ["fatal"] as const;
const app = await NestFactory.createMicroservice<MicroserviceOptions>(
  AppModule,
  transport === "nest"
    ? { transport: Transport.GRPC, options, logger: [...logger] }
    : {
        strategy: new GrpcStrategy(transport === "loaded" ? options : { services: [LibraryService, EndsService], url }),
        logger: [...logger],
      },
);
process.stdin.once("data", () => void app.close().then(() => process.stdin.destroy()));
await app.listen();
console.log(url);

/** Nest's own transport does not tell which port it got. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
