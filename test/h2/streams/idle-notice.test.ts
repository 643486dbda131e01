import { expect, test } from "vitest";
import { IdleNotice } from "../../../src/runtime/h2/streams/idle-notice.js";

function notice(): { notice: IdleNotice; told: () => number } {
  let told = 0;
  const one = new IdleNotice(() => {
    told++;
  });
  return { notice: one, told: () => told };
}

test("tells at once where nothing is being received", () => {
  const { notice: idle, told } = notice();
  idle.give();
  expect(told()).toBe(1);
  idle.deliver();
  expect(told()).toBe(1);
});

test("waits for the end of the frame, and tells once for several", () => {
  const { notice: idle, told } = notice();
  idle.hold();
  idle.give();
  idle.give();
  expect(told()).toBe(0);
  idle.deliver();
  idle.release();
  expect(told()).toBe(1);
});

test("the end of what came is the end of a frame too", () => {
  const { notice: idle, told } = notice();
  idle.hold();
  idle.give();
  idle.release();
  expect(told()).toBe(1);
  idle.hold();
  idle.release();
  expect(told()).toBe(1);
});

test("receiving does not begin twice", () => {
  const { notice: idle } = notice();
  idle.hold();
  expect(() => idle.hold()).toThrow("receive inside of receive");
});
