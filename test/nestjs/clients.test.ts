import "reflect-metadata";
import { Inject, Injectable } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { lastValueFrom, take, toArray } from "rxjs";
import { describe, expect, test } from "vitest";
import { inProcess } from "../../src/runtime/in-process.js";
import { Server } from "../../src/runtime/index.js";
import { GrpcClientModule, observe } from "../../src/runtime/nestjs.js";
import { TrialClient, TrialService, withDefaults } from "../contract/harness/trial-service.js";

/** A provider that has a client injected, as a constructor parameter of a user's would. */
class Caller {
  readonly client: TrialClient;
  constructor(client: TrialClient) {
    this.client = client;
  }
}
Inject(TrialClient)(Caller, undefined, 0);
Injectable()(Caller);

describe("clients as providers", () => {
  test("are injected, share a channel, and end with the application", async () => {
    await using server = new Server().add(
      TrialService,
      withDefaults({ greet: ({ value }) => ({ value: `re ${value}` }) }),
    );
    const { address } = await server.listen("127.0.0.1:0");
    const clients = GrpcClientModule.register({ target: `http://${address}`, clients: [TrialClient] });
    const module = { module: class {}, imports: [clients], providers: [Caller] };
    const app = await NestFactory.createApplicationContext(module, { logger: false });
    const { client } = app.get(Caller);
    expect((await client.greet({ value: "a" })).value).toBe("re a");
    expect(server.stats().connections.length).toBe(1);
    await app.close();
    await expect(client.greet({ value: "b" })).rejects.toMatchObject({ details: expect.stringContaining("closed") });
  });

  test("on a channel that a factory makes of what is injected", async () => {
    await using server = new Server().add(TrialService, withDefaults({ greet: ({ value }) => ({ value }) }));
    const config = { provide: "SERVER", useValue: server };
    const clients = GrpcClientModule.registerAsync({
      clients: [TrialClient],
      imports: [{ module: class {}, providers: [config], exports: ["SERVER"] }],
      inject: ["SERVER"],
      useFactory: (served: Server) => inProcess(served),
    });
    const app = await NestFactory.createApplicationContext(
      { module: class {}, imports: [clients], providers: [Caller] },
      { logger: false },
    );
    expect((await app.get(Caller).client.greet({ value: "c" })).value).toBe("c");
    await app.close();
  });

  test("observe makes a call for each subscriber, and cancels it with them", async () => {
    let calls = 0;
    let over = 0;
    await using server = new Server().add(
      TrialService,
      withDefaults({
        async *download() {
          calls++;
          try {
            for (let sent = 0; ; sent++) yield { value: Uint8Array.of(sent) };
          } finally {
            over++;
          }
        },
        greet: (request) => request,
      }),
    );
    const client = new TrialClient(inProcess(server));
    const readings = observe(() => client.download({ value: 0 })).pipe(take(3), toArray());
    expect(calls).toBe(0);
    expect((await lastValueFrom(readings)).map(({ value }) => value[0])).toEqual([0, 1, 2]);
    expect((await lastValueFrom(readings)).length).toBe(3);
    while (over < 2) await client.greet({ value: "" });
    expect([calls, over]).toEqual([2, 2]);
  });
});
