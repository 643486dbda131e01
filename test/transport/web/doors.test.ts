import { describe, expect, test } from "vitest";
import { connectClient, doors, nameOf, serveAt, serverOf } from "./doors.js";

describe.each(doors.map((door) => [nameOf(door), door] as const))("%s", (_name, door) => {
  test("all four kinds", async () => {
    const server = serverOf({
      greet: ({ value }) => ({ value: `hello ${value}` }),
      async *download({ value }) {
        for (let i = 0; i < value; i++) yield { value: Uint8Array.of(i) };
      },
      async upload(call) {
        let sum = 0;
        for await (const { value } of call) sum += value.length;
        await call.sendAndClose({ value: sum });
      },
      async *chat(call) {
        for await (const { value } of call) yield { value: value.toUpperCase() };
      },
    });
    const client = connectClient(await serveAt(door.place, server), door);
    expect((await client.greet({ value: "world" })).value).toBe("hello world");
    const downloaded: number[] = [];
    for await (const { value } of client.download({ value: 3 })) downloaded.push(...value);
    expect(downloaded).toEqual([0, 1, 2]);
    async function* pieces() {
      yield { value: new Uint8Array(10) };
      yield { value: new Uint8Array(32) };
    }
    expect((await client.upload(pieces())).value).toBe(42);
    async function* words() {
      yield { value: "a" };
      yield { value: "b" };
    }
    const said: string[] = [];
    // HTTP/1.1 is half-duplex: connect-node refuses to try.
    if (door.httpVersion === "1.1") return;
    for await (const { value } of client.chat(words())) said.push(value);
    expect(said).toEqual(["A", "B"]);
  });
});
