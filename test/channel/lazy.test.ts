import { expect, test } from "vitest";
import { connect, Server, status } from "../../src/runtime/index.js";
import { rejection } from "../contract/harness/harness.js";
import { TrialClient, TrialService, withDefaults } from "../contract/harness/trial-service.js";

const SMALL = { methodConfig: [{ name: [{}], maxRequestMessageBytes: 4 }] };

// One test: once the code is loaded, no further channel of the process waits for it.
test("the code of service configs is loaded by the first channel that has one; calls before it is there wait for it", async () => {
  const server = new Server().add(
    TrialService,
    withDefaults({
      greet: (request) => request,
      async *chat(call) {
        yield* call;
      },
    }),
  );
  const { port } = await server.listen("127.0.0.1:0");
  const target = `http://127.0.0.1:${port}`;
  const wrong: object = { methodConfig: [{ name: [{}], timeout: "3c" }] };
  const [good, bad, closed] = [{ serviceConfig: SMALL }, { serviceConfig: wrong }, { serviceConfig: SMALL }].map(
    (options) => connect(target, options),
  );
  if (good === undefined || bad === undefined || closed === undefined) throw new Error("there are three");
  expect([good.state, good.origin]).toEqual(["idle", { authority: `127.0.0.1:${port}`, secure: false }]);
  const client = new TrialClient(good);

  const chat = client.chat();
  const early = [
    chat.send({ value: "a" }),
    client.greet({ value: "b" }),
    rejection(client.greet({ value: "too long" })),
  ];
  const [, greeted, refused] = await Promise.all(early);
  expect((await chat.recv())?.value).toBe("a");
  expect(greeted).toMatchObject({ value: "b" });
  expect(refused).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  chat.cancel();
  expect(await chat.status).toMatchObject({ code: status.CANCELLED });

  const place = 'serviceConfig.methodConfig[0].timeout is "3c": it must be a duration';
  const error = await rejection(new TrialClient(bad).greet({ value: "" }));
  expect(error).toMatchObject({ code: status.INTERNAL, details: expect.stringContaining(place) });
  expect(() => connect(target, { serviceConfig: wrong })).toThrow(TypeError);
  expect(() => connect(target, { serviceConfig: wrong })).toThrow(place);

  await closed.close();
  expect(await rejection(new TrialClient(closed).greet({ value: "" }))).toMatchObject({ code: status.UNAVAILABLE });
  expect(await rejection(client.greet({ value: "too long" }))).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  expect(good.stats?.().retries?.retries).toBe(0);
  await Promise.all([good.close(), bad.close(), server.shutdown()]);
});

test("retries need a service config", () => {
  expect(() => connect("http://127.0.0.1:1", { retries: { maxAttempts: 2 } })).toThrow("there is none");
  expect(connect("http://127.0.0.1:1", { retries: false }).state).toBe("idle");
});
