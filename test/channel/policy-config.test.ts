import { describe, expect, test } from "vitest";
import { policyFor, resolvedConfigOf } from "../../src/runtime/channel/policy.js";
import { status } from "../../src/runtime/core/status.js";
import { FakeHost } from "./support/fake-host.js";

/** How a policy treats two addresses, both ready where it connects to both. */
function behaviour(config: unknown, options = {}): { readonly connected: number; readonly checked: boolean } {
  const host = new FakeHost(policyFor(options, resolvedConfigOf(config)));
  host.addresses(1, 2);
  const connected = host.made.filter(({ connects }) => connects > 0).length;
  for (const subchannel of host.open) if (subchannel.state === "connecting") subchannel.is("ready");
  return { connected, checked: host.open.some(({ calls }) => calls.length > 0) };
}

const ONE = { connected: 1, checked: false };
const ALL = { connected: 2, checked: false };
const CHECKED = { connected: 2, checked: true };
const HEALTH = { healthCheckConfig: { serviceName: "a.B" } };

describe("the policy that options and a service config ask for", () => {
  test.each([
    ["nothing", undefined, {}, ONE],
    ["an empty config", {}, {}, ONE],
    ["round_robin", { loadBalancingConfig: [{ round_robin: {} }] }, {}, ALL],
    ["as it was written once", { loadBalancingPolicy: "ROUND_ROBIN" }, {}, ALL],
    [
      "the first that is known",
      { loadBalancingConfig: [{ xds_wrr: {} }, { round_robin: {} }, { pick_first: {} }] },
      {},
      ALL,
    ],
    ["least_request", { loadBalancingConfig: [{ least_request_experimental: { choiceCount: 3 } }] }, {}, ALL],
    ["pick_first", { loadBalancingConfig: [{ pick_first: { shuffleAddressList: true } }] }, {}, ONE],
    ["health", { loadBalancingConfig: [{ round_robin: {} }], ...HEALTH }, {}, CHECKED],
    ["health without a name", { loadBalancingConfig: [{ round_robin: {} }], healthCheckConfig: {} }, {}, ALL],
    ["health, which pick_first leaves out (A17)", HEALTH, {}, ONE],
    [
      "an option, before the config",
      { loadBalancingConfig: [{ round_robin: {} }] },
      { loadBalancing: "pick_first" },
      ONE,
    ],
    ["an option, with the config's health", HEALTH, { loadBalancing: "least_request" }, CHECKED],
    ["health by option", undefined, { loadBalancing: "round_robin", healthCheck: { serviceName: "" } }, CHECKED],
  ])("%s", (_, config, options, expected) => {
    expect(behaviour(config, options)).toEqual(expected);
  });

  test("outlier detection, with its child and its durations (A50)", () => {
    const config = {
      loadBalancingConfig: [
        {
          outlier_detection_experimental: {
            interval: "1.5s",
            baseEjectionTime: "30s",
            maxEjectionPercent: 50,
            failurePercentageEjection: { threshold: 50, minimumHosts: 2, requestVolume: 1 },
            childPolicy: [{ round_robin: {} }],
          },
        },
      ],
    };
    const host = new FakeHost(policyFor({}, resolvedConfigOf(config)));
    host.addresses(1, 2);
    for (const number of [1, 2]) host.at(number).is("ready");
    host.at(1).ends(status.UNAVAILABLE);
    host.at(2).ends(status.OK);
    host.clock.advance(1_499);
    expect(new Set(host.picks(4))).toEqual(new Set([1, 2]));
    host.clock.advance(1);
    expect(new Set(host.picks(4))).toEqual(new Set([2]));
  });

  const outlier = (config: object) => ({ loadBalancingConfig: [{ outlier_detection_experimental: config }] });
  const AT = "serviceConfig.loadBalancingConfig[0]";
  test.each([
    [{ loadBalancingConfig: [{ xds: {} }] }, "serviceConfig.loadBalancingConfig names xds, of which none is known"],
    [{ loadBalancingConfig: [{ pick_first: { shuffleAddressList: 1 } }] }, `${AT}.pick_first.shuffleAddressList`],
    [{ loadBalancingConfig: [{ least_request: { choiceCount: 1 } }] }, `${AT}.least_request.choiceCount must be`],
    [outlier({}), "childPolicy"],
    [
      outlier({ childPolicy: [{ round_robin: {} }], successRateEjection: 1 }),
      "successRateEjection: expected an object, not 1",
    ],
    [
      outlier({ childPolicy: [{ round_robin: {} }], successRateEjection: {}, interval: "10" }),
      'interval: expected a duration such as "10s", not "10"',
    ],
    [
      outlier({ childPolicy: [{ round_robin: {} }], failurePercentageEjection: { threshold: "1" } }),
      'failurePercentageEjection.threshold: expected a number, not "1"',
    ],
    [3, "serviceConfig is 3: it must be an object"],
  ])("%j is refused, with path and value", (config, reason) => {
    expect(() => policyFor({}, resolvedConfigOf(config))).toThrow(TypeError);
    expect(() => policyFor({}, resolvedConfigOf(config))).toThrow(reason);
  });
});
