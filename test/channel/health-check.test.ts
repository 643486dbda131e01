import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { withHealthCheck } from "../../src/runtime/channel/balancer/health-check.js";
import { healthWatch } from "../../src/runtime/channel/balancer/health-protocol.js";
import { roundRobin } from "../../src/runtime/channel/balancer/round-robin.js";
import { statusObject } from "../../src/runtime/core/rpc-error.js";
import { status } from "../../src/runtime/core/status.js";
import {
  HealthCheckRequestSchema,
  HealthCheckResponseSchema,
  type HealthCheckResponse_ServingStatus as ServingStatus,
} from "../../src/runtime/health/gen/grpc/health/v1/health_pb.js";
import { FrameBuffer } from "../../src/runtime/wire/frame-buffer.js";
import { type FakeCall, FakeHost, tally } from "./support/fake-host.js";

const SERVING = 1;
const NOT_SERVING = 2;

function fleet(): FakeHost {
  const host = new FakeHost(withHealthCheck(roundRobin(), { serviceName: "a.B" }));
  host.addresses(1, 2);
  host.at(1).is("ready");
  host.at(2).is("ready");
  return host;
}

/** The health check of that server which is open. */
function checkOf(host: FakeHost, number: number): FakeCall {
  const call = host.at(number).calls.at(-1);
  if (call === undefined) throw new Error(`no health check of ${number}`);
  return call;
}

function says(host: FakeHost, number: number, serving: number): void {
  const call = checkOf(host, number);
  call.answers.push(serving);
  call.listener.onReadable();
}

describe("health checks of a client (gRFC A17)", () => {
  test("a server gets calls once it says that it serves the service", () => {
    const host = fleet();
    expect(host.pick()).toBe("wait");
    expect(checkOf(host, 1)).toMatchObject({ path: "/grpc.health.v1.Health/Watch", written: [{ service: "a.B" }] });
    says(host, 1, SERVING);
    expect(tally(host.picks(4))).toEqual({ 1: 4 });
    says(host, 2, SERVING);
    expect(tally(host.picks(4))).toEqual({ 1: 2, 2: 2 });
  });

  test("none while it says otherwise; where none serves, calls fail with the reason", () => {
    const host = fleet();
    says(host, 1, SERVING);
    says(host, 2, NOT_SERVING);
    expect(tally(host.picks(4))).toEqual({ 1: 4 });
    says(host, 1, NOT_SERVING);
    expect(host.pick()).toBe("the service a.B is not serving (health status 2)");
    says(host, 2, SERVING);
    expect(tally(host.picks(4))).toEqual({ 2: 4 });
  });

  test("a server that does not implement the check is healthy", () => {
    const host = fleet();
    checkOf(host, 1).listener.onStatus(statusObject(status.UNIMPLEMENTED, ""));
    expect(tally(host.picks(4))).toEqual({ 1: 4 });
  });

  test("a check that ends is begun again after 1 s, 1.6 s, …; an answer begins the count anew", () => {
    const host = fleet();
    says(host, 2, SERVING);
    const begun = () => host.at(1).calls.length;
    const fails = () => checkOf(host, 1).listener.onStatus(statusObject(status.UNAVAILABLE, "gone"));
    fails();
    expect(tally(host.picks(4))).toEqual({ 2: 4 });
    host.clock.advance(999);
    expect(begun()).toBe(1);
    host.clock.advance(1);
    expect(begun()).toBe(2);
    fails();
    host.clock.advance(1_599);
    expect(begun()).toBe(2);
    host.clock.advance(1);
    expect(begun()).toBe(3);
    says(host, 1, SERVING);
    expect(tally(host.picks(4))).toEqual({ 1: 2, 2: 2 });
    fails();
    host.clock.advance(1_000);
    expect(begun()).toBe(4);
  });

  test("a new connection is checked anew, and the check of one that ended is over", () => {
    const host = fleet();
    says(host, 1, SERVING);
    const first = checkOf(host, 1);
    host.at(1).is("idle");
    expect(first.cancelled).toBe(true);
    expect(host.at(1).connects).toBe(2);
    first.answers.push(SERVING);
    first.listener.onReadable();
    host.at(1).is("ready");
    expect(host.pick()).toBe("wait");
    says(host, 1, SERVING);
    expect(host.pick()).toBe(1);
  });

  test("closing ends the checks", () => {
    const host = fleet();
    const checks = [checkOf(host, 1), checkOf(host, 2)];
    host.policy.close();
    expect(checks.map(({ cancelled }) => cancelled)).toEqual([true, true]);
    expect(host.clock.timers).toBe(0);
  });
});

describe("its messages are those of protobuf", () => {
  test.each(["", "a", "routeguide.v1.RouteGuide", "ö".repeat(100), "x".repeat(20_000)])(
    "a request for %j",
    (service) => {
      const into = new FrameBuffer();
      healthWatch.request.encode({ service }, into);
      const bytes = into.bytes.subarray(0, into.position);
      expect(fromBinary(HealthCheckRequestSchema, bytes)).toEqual(create(HealthCheckRequestSchema, { service }));
    },
  );

  test.each([0, 1, 2, 3, 300])("a response of status %i", (serving) => {
    const message = create(HealthCheckResponseSchema, { status: serving as ServingStatus });
    expect(healthWatch.response.decode(toBinary(HealthCheckResponseSchema, message))).toBe(serving);
  });

  test("fields of later versions are passed over, broken bytes are not", () => {
    const decode = (...bytes: number[]) => healthWatch.response.decode(Uint8Array.from(bytes));
    expect(decode(0x12, 2, 9, 9, 0x19, 1, 2, 3, 4, 5, 6, 7, 8, 0x25, 1, 2, 3, 4, 0x08, 1, 0x30, 0x80, 1)).toBe(1);
    expect(() => decode(0x08)).toThrow(RangeError);
    expect(() => decode(0x12, 5, 1)).toThrow(RangeError);
    expect(() => decode(0x0b)).toThrow(RangeError);
    expect(() => decode(0x08, ...Array.from({ length: 11 }, () => 0x80))).toThrow(RangeError);
  });
});
