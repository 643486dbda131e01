import { describe, expect, test } from "vitest";
import { closeFrames, writeDataHeader, writeEnd } from "../../../src/runtime/h2/flow/data-frames.js";
import { Output } from "../../../src/runtime/h2/output/output.js";
import { FakeEnvironment } from "../support/fake-environment.js";

function output(): Output {
  return new Output(new FakeEnvironment(), () => {});
}

/** Opens DATA of stream 1, and writes this into it. */
function write(out: Output, text: string): void {
  out.openData(1);
  out.reserve(text.length);
  for (const one of Buffer.from(text)) out.bytes[out.position++] = one;
}

/** The frames that are to be sent: `DATA(stream, flags) payload`. */
function sent(out: Output): string[] {
  const bytes = Buffer.concat(out.take()?.pieces ?? []);
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUIntBE(at, 3);
    const payload = bytes.toString("latin1", at + 9, at + 9 + length);
    frames.push(`${bytes[at + 3]}(${bytes.readUInt32BE(at + 5)}, ${bytes[at + 4]}) ${payload}`);
    at += 9 + length;
  }
  return frames;
}

describe("frames of the open DATA", () => {
  test.each([
    ["", false, 4, ["0(1, 0) "]],
    ["abcd", false, 4, ["0(1, 0) abcd"]],
    ["abcd", true, 4, ["0(1, 1) abcd"]],
    ["abcde", false, 4, ["0(1, 0) abcd", "0(1, 0) e"]],
    ["abcdefgh", true, 4, ["0(1, 0) abcd", "0(1, 1) efgh"]],
    ["abcdefghi", true, 4, ["0(1, 0) abcd", "0(1, 0) efgh", "0(1, 1) i"]],
  ])("%j, END_STREAM: %s, at most %i bytes", (text, endStream, maxSize, frames) => {
    const out = output();
    write(out, text);
    closeFrames(out, 1, maxSize, endStream);
    expect(sent(out)).toEqual(frames);
  });

  test("what follows joins the last of them", () => {
    const out = output();
    write(out, "abcde");
    closeFrames(out, 1, 4, false);
    write(out, "fg");
    closeFrames(out, 1, 4, false);
    expect(sent(out)).toEqual(["0(1, 0) abcd", "0(1, 0) efg"]);
  });
});

describe("END_STREAM", () => {
  test("stands on the frame that has not left yet", () => {
    const out = output();
    write(out, "ab");
    closeFrames(out, 1, 4, false);
    writeEnd(out, 1);
    expect(sent(out)).toEqual(["0(1, 1) ab"]);
  });

  test("has a frame of its own behind one that has left, or one of another stream", () => {
    const out = output();
    write(out, "ab");
    closeFrames(out, 1, 4, false);
    writeEnd(out, 3);
    expect(sent(out)).toEqual(["0(1, 0) ab", "0(3, 1) "]);
    writeEnd(out, 1);
    expect(sent(out)).toEqual(["0(1, 1) "]);
  });
});

test("a header whose payload follows", () => {
  const out = output();
  writeDataHeader(out, 5, 2, 1);
  out.append(Buffer.from("xy"), 0, 2, undefined);
  out.wrote(2);
  expect(sent(out)).toEqual(["0(5, 1) xy"]);
});
