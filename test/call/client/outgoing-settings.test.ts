import { expect, test } from "vitest";
import { OutgoingSettings } from "../../../src/runtime/call/client/outgoing-settings.js";
import { CallContext, Metadata } from "../../../src/runtime/index.js";
import type { StartOptions } from "../../../src/runtime/transport/transport.js";

function settingsWith(given: Partial<StartOptions> = {}, deadline = Number.POSITIVE_INFINITY) {
  const watch = { deadline };
  const options: StartOptions = {
    metadata: new Metadata(),
    deadline,
    waitForReady: true,
    compression: "identity",
    highWaterMark: 7,
    ...given,
  };
  return { settings: new OutgoingSettings(options, watch), watch, options };
}

test("a call starts with what was given where nothing was changed", () => {
  const context = new CallContext();
  const { settings, options } = settingsWith({ context });
  expect(settings.start()).toEqual({ ...options, context });
  expect(settings.context).toBe(context);
});

test("a call starts with what was changed, and what is changed afterwards is not sent", () => {
  const { settings, watch } = settingsWith();
  settings.compression = "gzip";
  settings.metadata.set("a", "before");
  watch.deadline = 5;
  const { compression, deadline, metadata } = settings.start();
  settings.metadata.set("a", "after");
  expect({ compression, deadline, a: metadata.get("a") }).toEqual({ compression: "gzip", deadline: 5, a: ["before"] });
});

test("setting timeoutMs moves the deadline", () => {
  const { settings, watch } = settingsWith();
  expect(settings.timeoutMs).toBe(Number.POSITIVE_INFINITY);
  settings.timeoutMs = Number.POSITIVE_INFINITY;
  expect(watch.deadline).toBe(Number.POSITIVE_INFINITY);
  settings.timeoutMs = 1_000_000;
  expect(watch.deadline).toBeLessThan(Number.POSITIVE_INFINITY);
  expect(settings.timeoutMs).toBeGreaterThan(0);
});

test("a deadline that has passed leaves no time", () => {
  expect(settingsWith({}, -1).settings.timeoutMs).toBe(0);
});

test.each([Number.NaN, "5" as unknown as number])("timeoutMs = %j is refused", (ms) => {
  expect(() => {
    settingsWith().settings.timeoutMs = ms;
  }).toThrow(new TypeError("timeoutMs is not a number"));
});

test("once the call has started, both are refused", () => {
  const { settings } = settingsWith();
  settings.start();
  expect(() => {
    settings.timeoutMs = 1;
  }).toThrow("timeoutMs can be set before next() only");
  expect(() => {
    settings.compression = "gzip";
  }).toThrow("compression can be set before next() only");
});
