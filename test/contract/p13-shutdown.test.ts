import { expect } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { status } from "../../src/runtime/index.js";
import { contract } from "./harness/harness.js";

const sockets = () => process.getActiveResourcesInfo().filter((name) => /TCP|Pipe/.test(name)).length;

contract("P13", (keeps) => {
  keeps("P13 shutdown lets open calls finish and refuses new ones", async ({ start }) => {
    const begun = new Deferred<void>();
    const go = new Deferred<void>();
    const { client, shutdown } = await start({
      async greet(request) {
        if (request.value === "slow") {
          begun.resolve();
          await go.promise;
        }
        return request;
      },
    });
    const open = client.greet({ value: "slow" });
    await begun.promise;
    const down = shutdown(60_000);
    // What is on its way when the server shuts down is still answered; once the client has heard of it, nothing is.
    let refused: unknown;
    while (refused === undefined)
      refused = await client.greet({ value: "new" }).then(
        () => undefined,
        (error) => error,
      );
    expect(refused).toMatchObject({ code: status.UNAVAILABLE });
    go.resolve();
    expect((await open).value).toBe("slow");
    await down;
  });

  keeps("P13 shutdown cancels what is left after the grace", async ({ start }) => {
    const reason = new Deferred<unknown>();
    const begun = new Deferred<void>();
    const { client, shutdown } = await start({
      async chat(call) {
        call.signal.addEventListener("abort", () => reason.resolve(call.signal.reason));
        begun.resolve();
        for await (const _ of call);
      },
    });
    const chat = client.chat();
    await begun.promise;
    await shutdown(20);
    expect((await chat.status).code).not.toBe(status.OK);
    expect(await reason.promise).toMatchObject({ name: "RpcError" });
  });

  keeps("P13 channel.close lets open calls finish within the grace, and refuses new ones", async ({ start }) => {
    const begun = new Deferred<void>();
    const go = new Deferred<void>();
    const { client, channel } = await start({
      async greet(request) {
        begun.resolve();
        await go.promise;
        return request;
      },
    });
    const open = client.greet({ value: "slow" });
    await begun.promise;
    const closed = channel.close({ graceMs: 60_000 });
    await expect(client.greet({ value: "new" })).rejects.toMatchObject({ code: status.UNAVAILABLE });
    go.resolve();
    expect((await open).value).toBe("slow");
    await closed;
  });

  keeps("P13 channel.close cancels what is left after the grace", async ({ start }) => {
    const { client, channel } = await start({
      async chat(call) {
        for await (const _ of call);
      },
    });
    const chat = client.chat();
    const greet = client.greet({ value: "" }).catch(() => {});
    await greet;
    await channel.close({ graceMs: 10 });
    expect((await chat.status).code).toBe(status.CANCELLED);
    await channel.close();
  });

  keeps("P13 nothing is left behind that would keep the process alive", async ({ start }) => {
    const before = sockets();
    const { client, channel, shutdown } = await start({
      async chat(call) {
        for await (const note of call) await call.send(note);
      },
    });
    const chat = client.chat();
    await chat.send({ value: "a" });
    await chat.recv();
    await channel.close();
    await shutdown(0);
    while (sockets() > before) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(sockets()).toBeLessThanOrEqual(before);
  });
});
