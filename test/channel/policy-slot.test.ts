import { expect, test } from "vitest";
import type { LoadBalancerHost } from "../../src/runtime/channel/balancer/load-balancer.js";
import { systemClock } from "../../src/runtime/channel/clock.js";
import { PolicySlot, type SlotHost } from "../../src/runtime/channel/policy-slot.js";
import type { Subchannel, SubchannelListener } from "../../src/runtime/transport/routing.js";

const ADDRESS = { host: "10.0.0.1", port: 80 };

/** A slot whose policy is the test itself, with the subchannels that it made. */
function slotOf(): { slot: PolicySlot; policy: LoadBalancerHost; listeners: SubchannelListener[]; thrown: unknown[] } {
  const listeners: SubchannelListener[] = [];
  const thrown: unknown[] = [];
  let policy: LoadBalancerHost | undefined;
  const host: SlotHost = {
    clock: systemClock,
    random: () => 0,
    requestResolution: () => {},
    createSubchannel(_, listener) {
      listeners.push(listener);
      // Of a subchannel a slot asks for nothing else.
      return { state: "idle", lastFailure: `failure ${Math.min(listeners.length, 2)}` } as Subchannel;
    },
    guarded(run) {
      try {
        run();
      } catch (error) {
        thrown.push(error);
      }
    },
    changed: () => {},
  };
  const slot = new PolicySlot((given) => {
    policy = given;
    return { updateAddresses() {}, connect() {}, resetBackoff() {}, close() {} };
  }, host);
  return { slot, policy: policy!, listeners, thrown };
}

test("it keeps what its policy said last", () => {
  const { slot, policy } = slotOf();
  const picker = { pick: () => undefined };
  policy.update("ready", picker);
  expect([slot.state, slot.picker]).toEqual(["ready", picker]);
});

test("why servers cannot be reached is told once each", () => {
  const { slot, policy } = slotOf();
  for (let i = 0; i < 3; i++) policy.createSubchannel(ADDRESS, { onState: () => {} });
  expect(slot.failure).toBe("failure 1; failure 2");
});

test("what the policy's listeners throw is seen to, and no listener is made up", () => {
  const { policy, listeners, thrown } = slotOf();
  const fault = new Error("a policy's own");
  const fail = (): never => {
    throw fault;
  };
  policy.createSubchannel(ADDRESS, { onState: fail });
  policy.createSubchannel(ADDRESS, { onState: fail, onCallEnd: fail });
  const subchannel = { state: "idle" } as Subchannel; // as above
  for (const listener of listeners) {
    listener.onState(subchannel);
    listener.onCallEnd?.(subchannel, 0);
  }
  expect(thrown).toEqual([fault, fault, fault]);
  expect(listeners[0]?.onCallEnd).toBeUndefined();
});
