import { expect, test } from "vitest";
import { CallPromises, type Known } from "../../../src/runtime/call/client/call-promises.js";
import { Metadata, RpcError, type StatusObject, status } from "../../../src/runtime/index.js";

const header = new Metadata();
header.set("which", "header");
const trailer = new Metadata();
trailer.set("which", "trailer");
const ok: StatusObject = { code: status.OK, details: "", metadata: trailer };
const failure: StatusObject = { code: status.ABORTED, details: "no", metadata: trailer };
const error = new RpcError(status.ABORTED, "no");

/** A call of which this is known. */
function known(knownHeader: Metadata | undefined, knownStatus: StatusObject | undefined) {
  const made = knownStatus === failure ? () => error : undefined;
  return { known: (): Known => ({ header: knownHeader, status: knownStatus, error: made }) };
}

/** How it has settled by now; metadata by what is in them. */
async function settled(promise: Promise<unknown>): Promise<unknown> {
  const value = await Promise.race([promise.catch((reason: unknown) => reason), soon("pending")]);
  return value instanceof Metadata ? (value.get("which")[0] ?? "empty") : value;
}

const soon = (value: string) => new Promise((resolve) => setImmediate(resolve, value));

test.each<[what: string, call: { known(): Known }, header: unknown, trailer: unknown, status: unknown]>([
  ["before anything came", known(undefined, undefined), "pending", "pending", "pending"],
  ["once headers came", known(header, undefined), "header", "pending", "pending"],
  ["after OK", known(header, ok), "header", "trailer", ok],
  ["after OK without headers", known(undefined, ok), "empty", "trailer", ok],
  ["after a failure", known(header, failure), "header", "trailer", failure],
  ["after a failure without headers", known(undefined, failure), error, "trailer", failure],
])("%s", async (_, call, ...expected) => {
  const promises = new CallPromises(call);
  const asked = [promises.header, promises.trailer, promises.status];
  expect(await Promise.all(asked.map(settled))).toEqual(expected);
});

test("whoever asks before gets one promise, which is told later", async () => {
  const promises = new CallPromises(known(undefined, undefined));
  const asked = [promises.header, promises.trailer, promises.status];
  expect([promises.header, promises.trailer, promises.status].every((one, at) => one === asked[at])).toBe(true);
  promises.headerCame(header);
  promises.noHeader(() => error);
  promises.ended(failure);
  expect(await Promise.all(asked.map(settled))).toEqual(["header", "trailer", failure]);
});

test.each<[what: string, error: (() => RpcError) | undefined, header: unknown]>([
  ["rejects where the call failed", () => error, error],
  ["has none in it where the call ended with OK", undefined, "empty"],
])("a header that will not come %s", async (_, made, expected) => {
  const promises = new CallPromises(known(undefined, undefined));
  const asked = promises.header;
  promises.noHeader(made);
  expect(await settled(asked)).toEqual(expected);
});

test("an error is made for those alone who asked", () => {
  let made = 0;
  const promises = new CallPromises(known(undefined, undefined));
  promises.noHeader(() => {
    made++;
    return error;
  });
  expect(made).toBe(0);
});

test("nothing is told where nobody has asked", () => {
  const promises = new CallPromises(known(undefined, undefined));
  expect(() => {
    promises.headerCame(header);
    promises.noHeader(undefined);
    promises.ended(ok);
  }).not.toThrow();
});
