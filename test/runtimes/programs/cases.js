/** What is tried of a client, on every runtime and over every transport. */
import { strict as assert } from "node:assert";
import { RpcError, status } from "gen-stubs-runtime";
import { KindsClient } from "./gen/kinds_grpc.js";

/** More than both windows of flow control hold at first. */
const LARGE = new Uint8Array(300_000).map((_, i) => i % 251);
const run = `${process.pid}-${Date.now()}`;

/** @param {KindsClient} client */
export const kinds = {
  async unary(client) {
    const reply = await client.unary({ text: "ü", number: 41, payload: LARGE });
    assert.equal(reply.text, "ü");
    assert.equal(reply.number, 42);
    assert.deepEqual([...reply.payload.slice(0, 300)], [...LARGE.slice(0, 300)]);
    const many = await Promise.all(Array.from({ length: 200 }, (_, number) => client.unary({ number })));
    assert.deepEqual(
      many.map(({ number }) => number),
      Array.from({ length: 200 }, (_, i) => i + 1),
    );
  },
  async "server stream"(client) {
    const numbers = [];
    for await (const { number, payload } of client.down({ number: 20, payload: LARGE })) {
      assert.equal(payload.length, LARGE.length);
      numbers.push(number);
    }
    assert.equal(numbers.join(), Array.from({ length: 20 }, (_, i) => i).join());
  },
  async "client stream"(client) {
    const call = client.up();
    for (let number = 0; number < 20; number++) await call.send({ number, payload: LARGE });
    const { number, text } = await call.closeAndRecv();
    assert.equal(number, 20);
    assert.equal(text, String(20 * LARGE.length));
  },
  async "both ways"(client) {
    const call = client.both();
    for (let i = 0; i < 50; i++) {
      await call.send({ number: i, payload: LARGE.subarray(0, 20_000) });
      const reply = await call.recv();
      assert.equal(reply.number, i);
    }
    await call.closeSend();
    assert.equal(await call.recv(), undefined);
    assert.equal((await call.status).code, status.OK);
  },
};

export const cases = {
  ...kinds,
  async cancel(client) {
    const left = `endless-${run}`;
    for await (const { number } of client.down({ text: left, payload: LARGE })) if (number === 3) break;
    assert.equal((await client.ended({ text: left })).text, "cancelled");

    const aborted = `wait-abort-${run}`;
    const controller = new AbortController();
    const call = client.unary({ text: aborted }, { signal: controller.signal });
    // Over HTTP/1.1 each call has a connection of its own: no other call tells that the server has this one.
    assert.equal((await client.ended({ text: `begun ${aborted}` })).text, "begun");
    controller.abort();
    await rejects(call, status.CANCELLED);
    assert.equal((await client.ended({ text: aborted })).text, "cancelled");
  },
  async deadlines(client) {
    const text = `wait-deadline-${run}`;
    await rejects(client.unary({ text }, { timeoutMs: 1_000 }), status.DEADLINE_EXCEEDED);
    assert.equal((await client.ended({ text })).text, "deadline");
  },
  async errors(client) {
    const refused = await rejects(client.unary({ text: "refuse" }), status.NOT_FOUND);
    assert.equal(refused.details, "näh, not here");
    assert.deepEqual(refused.metadata.get("why"), ["asked"]);
    assert.deepEqual([...refused.metadata.get("raw-bin")[0]], [0, 255]);
    const thrown = await rejects(client.unary({ text: "throw" }), status.UNKNOWN);
    assert.ok(!thrown.message.includes("secret"));
    const numbers = [];
    const failing = async () => {
      for await (const { number } of client.down({ text: "fail", number: 30 })) numbers.push(number);
    };
    await rejects(failing(), status.ABORTED);
    assert.equal(numbers.length, 30);
  },
};

/** A call where nobody listens. */
export async function nobodyListens(channel) {
  await rejects(new KindsClient(channel).unary({}), status.UNAVAILABLE);
  await channel.close();
}

export async function rejects(promise, code) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof RpcError, `no RpcError: ${error}`);
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail(`ended well instead of with ${status[code]}`);
}

export const results = {};
export async function attempt(name, action) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("no end within 60 s")), 60_000);
  });
  try {
    await Promise.race([action(), late]);
    results[name] = "ok";
  } catch (error) {
    results[name] = String(error?.message ?? error).split("\n")[0];
  }
  clearTimeout(timer);
}
