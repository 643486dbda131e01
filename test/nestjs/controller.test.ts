import type { BytesValue, StringValue } from "@bufbuild/protobuf/wkt";
import { type CallHandler, Catch, Controller, type Type, UseFilters, UseInterceptors } from "@nestjs/common";
import { GrpcStreamCall } from "@nestjs/microservices";
import { finalize, from, map, type Observable, Subject, throwError } from "rxjs";
import { describe, expect, test } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { type Metadata, RpcError, status } from "../../src/runtime/index.js";
import {
  type ControllerOf,
  GrpcController,
  type NestCall,
  type RequestStream,
  type StreamCall,
} from "../../src/runtime/nestjs.js";
import { settled } from "../contract/harness/settled.js";
import { type TrialHandlers, TrialService } from "../contract/harness/trial-service.js";
import { serveTrial, trialController } from "./trial-app.js";

const SIZE = 16 * 1024;
const CHUNK = { value: new Uint8Array(SIZE) };
const COUNT = 2_048; // 32 MiB
const BOUND = 8 * 1024 * 1024;

/** A controller whose methods a test replaces. */
class Trial implements ControllerOf<TrialHandlers> {
  greet(request: StringValue, _metadata?: Metadata, _call?: NestCall<StringValue>) {
    return { value: request.value };
  }
  async *download({ value }: { value: number }): AsyncGenerator<{ value: Uint8Array }> {
    for (let sent = 0; sent < value; sent++) yield { value: Uint8Array.of(sent) };
  }
  async upload(requests: RequestStream<BytesValue>): Promise<{ value: number }> {
    let bytes = 0;
    for await (const { value } of requests) bytes += value.length;
    return { value: bytes };
  }
  chat(requests: RequestStream<StringValue>): Observable<{ value: string }> {
    return requests.pipe(map(({ value }) => ({ value: value.toUpperCase() })));
  }
}

describe("a typed controller", () => {
  test("has all four kinds, with iterables, promises and observables", async () => {
    await using served = await serveTrial(class extends Trial {});
    const { client } = served;
    expect((await client.greet({ value: "a" })).value).toBe("a");
    const values = [];
    for await (const { value } of client.download({ value: 3 })) values.push(value[0]);
    expect(values).toEqual([0, 1, 2]);
    const upload = client.upload();
    await upload.sendAll([{ value: new Uint8Array(2) }, { value: new Uint8Array(3) }]);
    expect((await upload.closeAndRecv()).value).toBe(5);
    const chat = client.chat();
    await chat.send({ value: "x" });
    expect((await chat.recv())?.value).toBe("X");
    await chat.closeSend();
    expect(await chat.recv()).toBeUndefined();
  });

  test("is checked by the compiler, and by the decorator", () => {
    class Wrong {
      greet(): { value: number } {
        return { value: 1 };
      }
      download(): Observable<{ value: string }> {
        return new Subject();
      }
    }
    // @ts-expect-error: greet answers with text, download with bytes, and two methods are missing
    expect(() => GrpcController(TrialService)(Wrong)).toThrow("Wrong lacks the method");
    // @ts-expect-error: as above, for one method
    expect(() => GrpcController(TrialService, "download")(class extends Wrong {})).not.toThrow();
    // @ts-expect-error: the service has no such method
    expect(() => GrpcController(TrialService, "nothing")(class {})).toThrow(
      'contract.v1.Trial has no method "nothing"',
    );
    class Half {
      greet(request: StringValue): Promise<{ value: string }> {
        return Promise.resolve({ value: request.value });
      }
    }
    expect(() => GrpcController(TrialService, "greet")(Half)).not.toThrow();
  });

  test("gets headers, sends headers and trailers, and is the parent of calls", async () => {
    await using served = await serveTrial(
      class extends Trial {
        override greet({ value }: StringValue, metadata: Metadata, call: NestCall<StringValue>) {
          call.sendMetadata(metadata);
          call.serverCall.trailer.set("ended", "yes");
          return { value: `${value} ${metadata.get("name").join()} ${call.serverCall.deadline !== undefined}` };
        }
      },
    );
    const seen: unknown[] = [];
    const { value } = await served.client.greet(
      { value: "hi" },
      {
        metadata: { name: "Ada" },
        timeoutMs: 60_000,
        onHeader: (header) => seen.push(header.get("name")),
        onTrailer: (trailer) => seen.push(trailer.get("ended")),
      },
    );
    expect([value, ...seen]).toEqual(["hi Ada true", ["Ada"], ["yes"]]);
  });

  test("an RpcError is the status; an accident is not told", async () => {
    await using served = await serveTrial(
      class extends Trial {
        override greet({ value }: StringValue): never {
          throw value === "known" ? new RpcError(status.ABORTED, "later") : new Error("secret");
        }
        override async *download() {
          yield CHUNK;
          throw new RpcError(status.DATA_LOSS, "torn");
        }
      },
    );
    const { client } = served;
    await expect(client.greet({ value: "known" })).rejects.toMatchObject({ code: status.ABORTED, details: "later" });
    await expect(client.greet({ value: "" })).rejects.toMatchObject({ code: 2, details: "Internal server error" });
    const torn = client.download({ value: 1 });
    await torn.recv();
    await expect(torn.recv()).rejects.toMatchObject({
      code: status.DATA_LOSS,
      details: "torn",
    });
  });

  test("interceptors see each message of a generator, and filters what it throws", async () => {
    class Accident extends Error {}
    class AccidentFilter {
      catch = (): Observable<never> => throwError(() => ({ code: status.DATA_LOSS, message: "filtered" }));
    }
    Catch(Accident)(AccidentFilter);
    class Doubling {
      intercept(_: unknown, next: CallHandler<{ value: Uint8Array }>) {
        return next.handle().pipe(map(({ value }) => ({ value: Uint8Array.of(2 * (value[0] ?? 0)) })));
      }
    }
    class Failing extends Trial {
      override async *download() {
        yield { value: Uint8Array.of(3) };
        yield { value: Uint8Array.of(4) };
        throw new Accident();
      }
    }
    await using served = await serveTrial(Failing, {}, (controller) => {
      UseInterceptors(Doubling)(controller);
      UseFilters(AccidentFilter)(controller);
      trialController(controller);
    });
    const reader = served.client.download({ value: 0 });
    expect([(await reader.recv())?.value[0], (await reader.recv())?.value[0]]).toEqual([6, 8]);
    await expect(reader.recv()).rejects.toMatchObject({ code: status.DATA_LOSS, details: "filtered" });
  });
});

describe("backpressure and cancelling", () => {
  test("a generator is drawn from only as fast as its client reads, through interceptors too", async () => {
    let drawn = 0;
    class Endless extends Trial {
      override async *download() {
        for (; drawn < COUNT; drawn++) yield CHUNK;
      }
    }
    class Passing {
      intercept = (_: unknown, next: CallHandler) => next.handle().pipe(map((message) => message));
    }
    await using served = await serveTrial(Endless, {}, (controller) => {
      UseInterceptors(Passing)(controller);
      trialController(controller);
    });
    const { client } = served;
    const reader = client.download({ value: 0 });
    await reader.recv();
    await settled(
      () => drawn,
      () => client.greet({ value: "" }),
    );
    expect(drawn * SIZE).toBeLessThan(BOUND);
    let count = 1;
    for await (const _ of reader) count++;
    expect(count).toBe(COUNT);
  });

  test("a client that reads no responses is read no further, where responses are piped from requests", async () => {
    await using served = await serveTrial(class extends Trial {});
    const { client } = served;
    const chat = client.chat();
    const value = "x".repeat(SIZE);
    let sent = 0;
    const sending = (async () => {
      for (; sent < COUNT; sent++) await chat.send({ value });
      await chat.closeSend();
    })();
    await settled(
      () => sent,
      () => client.greet({ value: "" }),
    );
    expect(sent * SIZE).toBeLessThan(BOUND);
    let count = 0;
    for await (const _ of chat) count++;
    await sending;
    expect(count).toBe(COUNT);
  });

  test("requests that come before anyone subscribes wait with the client", async () => {
    const ready = new Deferred<void>();
    await using served = await serveTrial(
      class extends Trial {
        override async upload(requests: RequestStream<BytesValue>) {
          await ready.promise;
          return { value: await super.upload(requests).then(({ value }) => value / SIZE) };
        }
      },
    );
    const { client } = served;
    const upload = client.upload();
    let sent = 0;
    const sending = (async () => {
      for (; sent < COUNT; sent++) await upload.send(CHUNK);
    })();
    await settled(
      () => sent,
      () => client.greet({ value: "" }),
    );
    expect(sent * SIZE).toBeLessThan(BOUND);
    ready.resolve();
    await sending;
    expect((await upload.closeAndRecv()).value).toBe(COUNT);
  });

  test("an observable that does not wait ends its call at maxWaitingResponses, with what had been taken", async () => {
    class Rushing {
      download(): Observable<{ value: Uint8Array }> {
        return from(Array.from({ length: COUNT }, () => CHUNK));
      }
    }
    const decorate = (controller: Type<object>): void => {
      GrpcController(TrialService, "download")(controller as typeof Rushing);
      Controller()(controller);
    };
    await using served = await serveTrial(Rushing, { maxWaitingResponses: 100 }, decorate);
    const reader = served.client.download({ value: 0 });
    let count = 0;
    const reading = (async () => {
      for await (const _ of reader) count++;
    })();
    await expect(reading).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: "100 responses wait for the client to take them (maxWaitingResponses)",
    });
    expect(count).toBe(100);
  });

  test("a client that leaves ends the generator, and unsubscribes from the observable", async () => {
    const left = new Deferred<string>();
    const unsubscribed = new Deferred<string>();
    await using served = await serveTrial(
      class extends Trial {
        override async *download() {
          try {
            for (;;) yield CHUNK;
          } finally {
            left.resolve("left");
          }
        }
        override chat(requests: RequestStream<StringValue>): Observable<{ value: string }> {
          const endless = new Subject<{ value: string }>();
          requests.subscribe((request) => endless.next(request)); // as in Nest's guide: nobody listens to errors
          return endless.pipe(finalize(() => unsubscribed.resolve("unsubscribed")));
        }
      },
    );
    const { client } = served;
    for await (const _ of client.download({ value: 0 })) break;
    expect(await left.promise).toBe("left");
    const chat = client.chat();
    await chat.send({ value: "a" });
    expect((await chat.recv())?.value).toBe("a");
    chat.cancel();
    expect(await unsubscribed.promise).toBe("unsubscribed");
    // The server lives.
    expect((await client.greet({ value: "still" })).value).toBe("still");
  });

  test("a cancelled stream of requests is an error to its handler (P6)", async () => {
    const seen = new Deferred<unknown>();
    const started = new Deferred<void>();
    await using served = await serveTrial(
      class extends Trial {
        override async upload(requests: RequestStream<BytesValue>) {
          started.resolve();
          try {
            return await super.upload(requests);
          } catch (error) {
            seen.resolve(error);
            throw error;
          }
        }
      },
    );
    const upload = served.client.upload();
    await upload.send({ value: new Uint8Array(1) });
    await started.promise;
    upload.cancel();
    expect(await seen.promise).toMatchObject({ code: status.CANCELLED });
  });

  test("a cancelled call of @GrpcStreamCall is an error to its stream, not its end (P6)", async () => {
    const seen: string[] = [];
    const over = new Deferred<void>();
    class Passed {
      chat(call: StreamCall): void {
        call.on("data", (message) => call.write(message));
        call.on("end", () => seen.push("end"));
        call.on("cancelled", () => seen.push("cancelled"));
        call.on("error", (error) => {
          seen.push(`error ${(error as RpcError).code}`);
          over.resolve();
        });
      }
    }
    await using served = await serveTrial(Passed, {}, (controller) => {
      const chat = Object.getOwnPropertyDescriptor(Passed.prototype, "chat");
      GrpcStreamCall("Trial", "Chat")(Passed.prototype, "chat", chat as TypedPropertyDescriptor<Passed["chat"]>);
      Controller()(controller);
    });
    const chat = served.client.chat();
    await chat.send({ value: "a" });
    expect((await chat.recv())?.value).toBe("a");
    chat.cancel();
    await over.promise;
    expect(seen).toEqual(["cancelled", "error 1"]);
  });
});
