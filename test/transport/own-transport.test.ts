import { expect, test } from "vitest";
import {
  type Channel,
  type ClientListener,
  type ClientStream,
  type ListenAddress,
  type ListenOptions,
  Metadata,
  type MethodServer,
  type MethodServers,
  type ReceivedMessages,
  Server,
  type ServerListener,
  type ServerStream,
  type ServerTransport,
  type ServerTransportFactory,
  type StartOptions,
  type StatusObject,
  status,
} from "../../src/runtime/index.js";
import { StateWatchers } from "../../src/runtime/transport/state-watchers.js";
import { TrialClient, TrialService, withDefaults } from "../contract/harness/trial-service.js";

// A transport of a user's own, by the public types alone: one unary call at a time, from hand to hand.

class Hand<Message> implements ReceivedMessages<Message> {
  readonly #messages: Message[] = [];
  get waiting(): number {
    return this.#messages.length;
  }
  put(message: Message): void {
    this.#messages.push(message);
  }
  next(): Message {
    return this.#messages.shift()!;
  }
  drop(): void {
    this.#messages.length = 0;
  }
  pause(): void {}
  resume(): void {}
}

let methods: MethodServers;
const factory: ServerTransportFactory = (given): ServerTransport => {
  methods = given;
  return {
    listen: async (address: string, _: ListenOptions): Promise<ListenAddress> => ({ address, port: 0 }),
    shutdown: async () => {},
  };
};

const channel: Channel = {
  state: "ready",
  connect() {},
  watchState: () => new StateWatchers().watch(() => "ready"),
  resetBackoff() {},
  start<Out, InInit>(
    method: { readonly path: string },
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    const answer = new Hand<Out>();
    const request = new Hand<unknown>();
    const server: MethodServer | undefined = methods.get(method.path);
    const served: ServerStream<unknown, Out> = {
      path: method.path,
      metadata: options.metadata,
      deadline: options.deadline,
      peer: "hand",
      received: request,
      sendHeader: (header) => queueMicrotask(() => listener.onHeader(header)),
      write(message) {
        answer.put(message);
        return true;
      },
      finish(result: StatusObject) {
        queueMicrotask(() => {
          if (answer.waiting > 0) listener.onReadable();
          listener.onStatus(result);
        });
      },
      handlerDone() {},
    };
    const heard: ServerListener | undefined = server?.accept(served);
    return {
      peer: "hand",
      received: answer,
      write(message) {
        request.put(message);
        queueMicrotask(() => heard?.onReadable());
        return true;
      },
      closeSend: () => queueMicrotask(() => heard?.onHalfClose()),
      cancel: (code, details) => queueMicrotask(() => listener.onStatus({ code, details, metadata: new Metadata() })),
    };
  },
  close: async () => {},
  [Symbol.asyncDispose]: async () => {},
};

test("a transport of one's own, by the public types", async () => {
  const greet = ({ value }: { value: string }) => ({ value: `hello ${value}` });
  const server = new Server({ transport: factory }).add(TrialService, withDefaults({ greet }));
  expect(await server.listen("anywhere")).toEqual({ address: "anywhere", port: 0 });
  const client = new TrialClient(channel);
  expect(await client.greet({ value: "hand" })).toMatchObject({ value: "hello hand" });
  await expect(client.upload().closeAndRecv()).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  await server.shutdown();
});
