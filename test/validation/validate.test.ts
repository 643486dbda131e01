import { createFileRegistry, type DescMethod, type DescService, fromBinary, type Message } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { credentials } from "@grpc/grpc-js";
import { afterEach, describe, expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";
import {
  bidiStreaming,
  callBidiStreaming,
  callClientStreaming,
  callServerStreaming,
  callUnary,
  clientStreaming,
  described,
  serverStreaming,
  service,
  unary,
} from "../../src/runtime/codegen-v1.js";
import { BadRequestSchema } from "../../src/runtime/errors.js";
import { grpcJsChannel, grpcJsTransport } from "../../src/runtime/grpc-js.js";
import { inProcess } from "../../src/runtime/in-process.js";
import { type Channel, connect, type RpcError, Server, type ServerOptions, status } from "../../src/runtime/index.js";
import { validate } from "../../src/runtime/validation.js";
import { rejection } from "../contract/harness/harness.js";
import { compileWithRules } from "../support/validate-protos.js";

const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, compileWithRules("test/validation/input", "places.proto")),
);
const descriptor = registry.getService("places.v1.Places") as DescService; // the file defines it
const place = es((descriptor.methods[0] as DescMethod).input);
const methods = described(descriptor, {
  add: unary("/places.v1.Places/Add", place, place),
  near: serverStreaming("/places.v1.Places/Near", place, place),
  addAll: clientStreaming("/places.v1.Places/AddAll", place, place),
  follow: bidiStreaming("/places.v1.Places/Follow", place, place),
});
interface PlacesHandlers {
  add(request: Message): unknown;
  near(request: Message): AsyncIterable<Message>;
  addAll(call: AsyncIterable<Message>): Promise<Message | undefined>;
  follow(call: AsyncIterable<Message>): AsyncIterable<Message>;
}
const PlacesService = service<PlacesHandlers>("places.v1.Places", methods);

type Init = Record<string, unknown>;
const good: Init = { name: "Oslo", latitude: 59.9, labels: [{ text: "city" }] };
const bad: Init = { name: "", latitude: 123, labels: [{ text: "city" }, { text: "NO" }] };

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const transports: Record<string, (options: ServerOptions, handlers: PlacesHandlers) => Promise<Channel>> = {
  async "in-process"(options, handlers) {
    return inProcess(served(new Server(options), handlers));
  },
  async http2(options, handlers) {
    const server = served(new Server(options), handlers);
    return connect(`http://127.0.0.1:${(await server.listen("127.0.0.1:0")).port}`);
  },
  async "grpc-js"(options, handlers) {
    const server = served(new Server({ ...options, transport: grpcJsTransport() }), handlers);
    const { port } = await server.listen("127.0.0.1:0");
    return grpcJsChannel(`127.0.0.1:${port}`, credentials.createInsecure());
  },
};

function served(server: Server, handlers: PlacesHandlers): Server {
  ends.push(() => server.shutdown());
  return server.add(PlacesService, handlers);
}

/** Sends each kind of call one message, or two where they stream. */
function callsOf(channel: Channel, options: object): Record<string, (init: Init) => Promise<unknown>> {
  return {
    add: (init) => callUnary(channel, methods.add, init as never, options),
    near: async (init) => callServerStreaming(channel, methods.near, init as never, options).recv(),
    async addAll(init) {
      const call = callClientStreaming(channel, methods.addAll, options);
      await call.send(good as never);
      await call.send(init as never).catch(() => {});
      return await call.closeAndRecv();
    },
    async follow(init) {
      const call = callBidiStreaming(channel, methods.follow, options);
      await call.send(good as never);
      await call.recv();
      await call.send(init as never).catch(() => {});
      return await call.recv();
    },
  };
}

function expectViolations(error: RpcError): void {
  expect(error.code).toBe(status.INVALID_ARGUMENT);
  const [detail] = error.findDetails(BadRequestSchema);
  const shown = detail?.fieldViolations.map(({ field, reason }) => [field, reason]);
  expect(shown).toEqual([
    ["name", "string.min_len"],
    ["latitude", "double.gte_lte"],
    ["labels[1].text", "string.pattern"],
  ]);
  expect(error.details).toContain("places.v1.Place is not valid: name: ");
}

for (const [name, open] of Object.entries(transports)) {
  describe(`validate() over ${name}`, () => {
    const seen: Message[] = [];
    const handlers: PlacesHandlers = {
      add(request) {
        seen.push(request);
        return request;
      },
      async *near(request) {
        seen.push(request);
        yield request;
      },
      async addAll(call) {
        let last: Message | undefined;
        for await (const request of call) {
          last = request;
          seen.push(request);
        }
        return last;
      },
      async *follow(call) {
        for await (const request of call) {
          seen.push(request);
          yield request;
        }
      },
    };
    const isGood = (message: Message): boolean => (message as Message & { name: string }).name === "Oslo";

    for (const side of ["server", "client"] as const) {
      test(`the ${side} refuses what breaks its rules, on calls of every kind, and lets the rest pass`, async () => {
        seen.length = 0;
        const interceptors = [validate()];
        const channel = await open(side === "server" ? { interceptors } : {}, handlers);
        ends.push(() => channel.close());
        const calls = callsOf(channel, side === "client" ? { interceptors } : {});
        for (const call of Object.values(calls)) {
          expect(await call(good)).toMatchObject({ name: "Oslo" });
          expectViolations(await rejection(call(bad)));
        }
        expect(seen.length).toBeGreaterThan(0);
        expect(seen.every(isGood)).toBe(true); // no handler saw another
      });
    }

    test("responses are checked where that is asked for: INTERNAL", async () => {
      const wrong: PlacesHandlers = { ...handlers, add: () => bad };
      const options = { onError: () => {} };
      const unchecked = await open({ ...options, interceptors: [validate()] }, wrong);
      const checked = await open({ ...options, interceptors: [validate({ responses: true })] }, wrong);
      ends.push(
        () => unchecked.close(),
        () => checked.close(),
      );
      await callsOf(unchecked, {})["add"]?.(good);
      expect((await rejection(callsOf(checked, {})["add"]?.(good) as Promise<unknown>)).code).toBe(status.INTERNAL);
      const heard = callsOf(unchecked, { interceptors: [validate({ responses: true })] });
      expect((await rejection(heard["add"]?.(good) as Promise<unknown>)).code).toBe(status.INTERNAL);
    });
  });
}
