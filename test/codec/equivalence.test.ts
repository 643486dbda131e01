import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";
import { initOf } from "./support/arbitrary.js";
import { mutation, mutilate } from "./support/mutilate.js";
import { difference, outcome } from "./support/outcome.js";
import { compileSchemas, messagesOf } from "./support/schemas.js";
import { encoded } from "./support/sink.js";

/** Raises the number of runs of each property, to look longer for what differs. */
const effort = Number(process.env["CODEC_EFFORT"] ?? 1);

/** Encodes or refuses what `toBinary(create())` does. Returns the bytes, empty if refused. */
function expectSameWriting(desc: DescMessage, init: Record<string, unknown>): Uint8Array {
  const theirs = outcome(() => toBinary(desc, create(desc, init)));
  expect(outcome(() => encoded(es(desc), init))).toStrictEqual(theirs);
  return "returned" in theirs ? theirs.returned : new Uint8Array(0);
}

/** Decodes or refuses what `fromBinary` does. */
function expectSameReading(desc: DescMessage, bytes: Uint8Array): void {
  const theirs = outcome(() => fromBinary(desc, bytes));
  const ours = outcome(() => es(desc).decode(bytes));
  expect(difference(ours, theirs), Buffer.from(bytes).toString("hex")).toBeUndefined();
  // What was read can be written again, unknown fields included.
  if ("returned" in theirs) expectSameWriting(desc, theirs.returned as unknown as Record<string, unknown>);
}

const schemas = messagesOf(compileSchemas());

describe.each(schemas.map((desc) => ({ name: desc.typeName, desc })))("$name", { timeout: 60_000 }, ({ desc }) => {
  const numRuns = effort * (desc.typeName.startsWith("codec.") ? 25 : 4);

  test("is encoded as by toBinary(create()) and decoded as by fromBinary", () => {
    const init = initOf(desc, 2, false);
    fc.assert(
      fc.property(init, (value) => expectSameReading(desc, expectSameWriting(desc, value))),
      { numRuns, endOnFailure: true },
    );
  });

  test("is refused alike where a value does not fit", () => {
    const init = initOf(desc, 1, true);
    fc.assert(
      fc.property(init, (value) => void expectSameWriting(desc, value)),
      { numRuns, endOnFailure: true },
    );
  });

  test("is decoded or refused alike where bytes are mutilated, cut off or doubled", () => {
    const init = initOf(desc, 1, false);
    fc.assert(
      fc.property(init, fc.array(mutation, { maxLength: 4 }), (value, mutations) => {
        const bytes = mutilate(expectSameWriting(desc, value), mutations);
        expectSameReading(desc, bytes);
        expectSameReading(desc, new Uint8Array(Buffer.concat([bytes, bytes])));
      }),
      { numRuns, endOnFailure: true },
    );
  });
});
