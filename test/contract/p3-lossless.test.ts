import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { RpcError, status } from "../../src/runtime/index.js";
import { contract, readAll, turn } from "./harness/harness.js";
import { answer, bytesFrame } from "./harness/raw-server.js";
import { settled } from "./harness/settled.js";

const bytes = (n: number) => ({ value: new Uint8Array(new Uint32Array([n]).buffer) });
const number = ({ value }: { value: Uint8Array }) => new DataView(value.buffer, value.byteOffset).getUint32(0, true);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

contract("P3", (keeps) => {
  keeps("P3 a slow reader gets all messages before OK", async ({ start }) => {
    const { client } = await start({
      async download({ value }, call) {
        for (let i = 0; i < value; i++) await call.send(bytes(i));
      },
    });
    const reader = client.download({ value: 2_000 });
    const { messages, error } = await readAll(reader, turn);
    expect(messages.map(number)).toEqual(upTo(2_000));
    expect(error).toBeUndefined();
    expect((await reader.status).code).toBe(status.OK);
  });

  keeps("P3 an error right behind the messages does not overtake them", async ({ start }) => {
    const { client } = await start({
      async download({ value }, call) {
        for (let i = 0; i < value; i++) await call.send(bytes(i));
        throw new RpcError(status.NOT_FOUND, "no more");
      },
    });
    const { messages, error } = await readAll(client.download({ value: 2_000 }), turn);
    expect(messages.map(number)).toEqual(upTo(2_000));
    expect(error).toMatchObject({ code: status.NOT_FOUND, details: "no more" });
  });

  keeps(
    "P3 an error in one write with its messages does not overtake them",
    async ({ against }) => {
      const client = await against((stream) => {
        const body = Buffer.concat(upTo(500).map((i) => bytesFrame(bytes(i).value)));
        answer(stream, body, { "grpc-status": status.NOT_FOUND, "grpc-message": "no more" });
      });
      const { messages, error } = await readAll(client.download({ value: 500 }), turn);
      expect(messages.map(number)).toEqual(upTo(500));
      expect(error).toMatchObject({ code: status.NOT_FOUND, details: "no more" });
    },
    "port",
  );

  keeps("P3 an error does not overtake messages, whatever a transport reads ahead", async ({ start }) => {
    let sent = 0;
    const { client } = await start({
      async download({ value }, call) {
        for (let i = 0; i < value; i++) {
          await call.send({ value: new Uint8Array(1_000) });
          sent++;
        }
        throw new RpcError(status.NOT_FOUND, "no more");
      },
      greet: (request) => request,
    });
    for (const count of [60, 1_070, 1_090, 4_000]) {
      const reader = client.download({ value: count });
      await settled(
        () => sent,
        () => client.greet({ value: "has all that may arrive arrived?" }),
      );
      const { messages, error } = await readAll(reader);
      expect(messages.length).toBe(count);
      expect(error).toMatchObject({ code: status.NOT_FOUND, details: "no more" });
    }
  });

  keeps("P3 messages that arrived well before an error wait for a reader that has not begun", async ({ start }) => {
    const sent = new Deferred<void>();
    const fail = new Deferred<void>();
    const { client } = await start({
      async download({ value }, call) {
        for (let i = 0; i < value; i++) await call.send(bytes(i));
        sent.resolve();
        await fail.promise;
        throw new RpcError(status.NOT_FOUND, "no more");
      },
      greet: (request) => request,
    });
    const reader = client.download({ value: 30 });
    await sent.promise;
    for (let i = 0; i < 50; i++) await client.greet({ value: "has everything arrived?" });
    fail.resolve();
    expect((await reader.status).code).toBe(status.NOT_FOUND);
    const { messages, error } = await readAll(reader);
    expect(messages.map(number)).toEqual(upTo(30));
    expect(error).toMatchObject({ code: status.NOT_FOUND });
  });

  keeps("P3 a server reads everything that came before the client's half-close, however slowly", async ({ start }) => {
    const { client } = await start({
      async upload(call) {
        let count = 0;
        for await (const chunk of call) {
          if (number(chunk) === count) count++;
          await turn();
        }
        await call.sendAndClose({ value: count });
      },
    });
    const upload = client.upload();
    for (let i = 0; i < 2_000; i++) await upload.send(bytes(i));
    expect((await upload.closeAndRecv()).value).toBe(2_000);
  });

  keeps("P3 batches() gives the same messages, in order", async ({ start }) => {
    const { client } = await start({
      async download({ value }, call) {
        for (let i = 0; i < value; i++) await call.send(bytes(i));
      },
    });
    const { messages } = await readAll(client.download({ value: 2_000 }).batches(), turn);
    expect(messages.flat().map(number)).toEqual(upTo(2_000));
  });
});
