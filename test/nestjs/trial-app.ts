import "reflect-metadata";
import { Controller, type INestMicroservice, type Type } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { connect } from "../../src/runtime/index.js";
import { GrpcController, GrpcStrategy, type GrpcStrategyOptions } from "../../src/runtime/nestjs.js";
import { TrialClient, TrialService } from "../contract/harness/trial-service.js";

/** An application of Nest that listens, and a client of it. */
export interface TrialApp extends AsyncDisposable {
  readonly app: INestMicroservice;
  readonly client: TrialClient;
  readonly target: string;
}

/** Serves a class as a typed controller, decorated as a user would, but for the syntax. `decorate`: what stands above that. */
export async function serveTrial(
  controller: Type<object>,
  options: Partial<GrpcStrategyOptions> = {},
  decorate: (controller: Type<object>) => void = trialController,
): Promise<TrialApp> {
  decorate(controller);
  const strategy = new GrpcStrategy({
    services: [TrialService],
    url: "127.0.0.1:0",
    ...options,
  } as GrpcStrategyOptions);
  const module = { module: class {}, controllers: [controller] };
  const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
  await app.listen();
  const target = `http://${strategy.address?.address}`;
  const channel = connect(target);
  return {
    app,
    client: new TrialClient(channel),
    target,
    async [Symbol.asyncDispose]() {
      await channel.close();
      await app.close();
    },
  };
}

/** `@Controller() @GrpcController(TrialService)`. */
export function trialController(controller: Type<object>): void {
  GrpcController(TrialService)(controller as Type<never>); // whether it has the methods is for the run to say
  Controller()(controller);
}
