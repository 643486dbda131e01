import { describe, expect, test } from "vitest";
import * as ErrorCode from "../../../src/runtime/h2/error-code.js";
import { announcement, readSettings } from "../../../src/runtime/h2/frames/settings-payload.js";
import { DEFAULT_SETTINGS, type Settings } from "../../../src/runtime/h2/settings.js";

function payload(...pairs: (readonly [number, number])[]): Uint8Array {
  const bytes = Buffer.alloc(6 * pairs.length);
  for (const [i, [id, value]] of pairs.entries()) {
    bytes.writeUInt16BE(id, 6 * i);
    bytes.writeUInt32BE(value, 6 * i + 2);
  }
  return bytes;
}

function read(pairs: (readonly [number, number])[], fromServer = false, before = DEFAULT_SETTINGS): Settings {
  const bytes = payload(...pairs);
  return readSettings(before, bytes, 0, bytes.length, fromServer);
}

describe("what a SETTINGS frame says (RFC 9113, section 6.5.2)", () => {
  test.each([
    [1, 0, { headerTableSize: 0 }],
    [1, 0xffff_ffff, { headerTableSize: 0xffff_ffff }],
    [2, 0, { enablePush: false }],
    [2, 1, { enablePush: true }],
    [3, 0, { maxConcurrentStreams: 0 }],
    [4, 0x7fff_ffff, { initialWindowSize: 0x7fff_ffff }],
    [5, 16_384, { maxFrameSize: 16_384 }],
    [5, 16_777_215, { maxFrameSize: 16_777_215 }],
    [6, 10, { maxHeaderListSize: 10 }],
    [8, 1, { enableConnectProtocol: true }],
    [8, 0, { enableConnectProtocol: false }],
    [0x99, 7, {}],
  ])("%i is %i", (id, value, changed) => {
    expect(read([[id, value]])).toEqual({ ...DEFAULT_SETTINGS, ...changed });
  });

  test("the last one of a kind counts, and what was not said stays", () => {
    const before = { ...DEFAULT_SETTINGS, maxHeaderListSize: 5 };
    const after = read(
      [
        [3, 1],
        [3, 2],
      ],
      false,
      before,
    );
    expect(after).toEqual({ ...before, maxConcurrentStreams: 2 });
    expect(before.maxConcurrentStreams).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    [2, 2, false, ErrorCode.PROTOCOL_ERROR, "SETTINGS_ENABLE_PUSH of 2"],
    [2, 1, true, ErrorCode.PROTOCOL_ERROR, "SETTINGS_ENABLE_PUSH of 1"],
    [4, 0x8000_0000, false, ErrorCode.FLOW_CONTROL_ERROR, "SETTINGS_INITIAL_WINDOW_SIZE of 2147483648"],
    [5, 16_383, false, ErrorCode.PROTOCOL_ERROR, "SETTINGS_MAX_FRAME_SIZE of 16383"],
    [5, 16_777_216, false, ErrorCode.PROTOCOL_ERROR, "SETTINGS_MAX_FRAME_SIZE of 16777216"],
    [8, 2, false, ErrorCode.PROTOCOL_ERROR, "SETTINGS_ENABLE_CONNECT_PROTOCOL of 2"],
  ])("%i may not be %i (from a server: %s)", (id, value, fromServer, code, message) => {
    expect(() => read([[id, value]], fromServer)).toThrow(expect.objectContaining({ code, message, origin: "local" }));
  });

  test("the extended CONNECT is not taken back (RFC 8441, section 3)", () => {
    const before = { ...DEFAULT_SETTINGS, enableConnectProtocol: true };
    expect(() => read([[8, 0]], false, before)).toThrow("SETTINGS_ENABLE_CONNECT_PROTOCOL of 0");
  });
});

describe("what our SETTINGS say", () => {
  test.each([
    ["defaults of a server", {}, false, []],
    ["defaults of a client", { enablePush: false }, true, [[2, 0]]],
    ["a server, of pushing", { enablePush: false }, false, []],
    [
      "all",
      {
        headerTableSize: 0,
        maxConcurrentStreams: 100,
        initialWindowSize: 1,
        maxFrameSize: 20_000,
        maxHeaderListSize: 9,
        enableConnectProtocol: true,
      },
      false,
      [
        [1, 0],
        [3, 100],
        [4, 1],
        [5, 20_000],
        [6, 9],
        [8, 1],
      ],
    ],
  ] as const)("%s", (_, changed, isClient, pairs) => {
    expect(announcement({ ...DEFAULT_SETTINGS, ...changed }, isClient)).toEqual(pairs);
  });
});
