import { expect, test } from "vitest";
import { Metadata, status } from "../../src/runtime/index.js";
import { answerTooLarge } from "../../src/runtime/wire/answer-size.js";

// RFC 9113, section 6.5.2: a pair has the bytes of its name and value, and 32.
const HEADERS = ["key", "value"];
const SIZE = 3 + 5 + 32;

test("an answer's headers are measured against the limit, which the error names", () => {
  const metadata = new Metadata();
  metadata.set("key", "value");
  expect(answerTooLarge(HEADERS, metadata, "headers", SIZE, "(somebody's)")).toBeUndefined();
  expect(answerTooLarge(HEADERS, metadata, "trailers", SIZE - 1, "(somebody's)")).toMatchObject({
    code: status.RESOURCE_EXHAUSTED,
    details: `the trailers of the answer have ${SIZE} bytes; the limit is ${SIZE - 1} bytes (somebody's)`,
  });
});

test("what has nothing of a user's in it is not too large: there is nothing to leave out", () => {
  expect(answerTooLarge(HEADERS, new Metadata(), "headers", 1, "(somebody's)")).toBeUndefined();
});
