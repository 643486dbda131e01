import { describe, expect, test } from "vitest";
import { parseServiceConfig } from "../../../src/runtime/channel/service-config/index.js";
import { status } from "../../../src/runtime/core/status.js";

const NAME = [{ service: "foo", method: "Bar" }];
const RETRY = {
  maxAttempts: 2,
  initialBackoff: "2s",
  maxBackoff: "10s",
  backoffMultiplier: 2,
  retryableStatusCodes: ["UNAVAILABLE"],
};

/** Reads whatever JSON there is, as a text. */
const parse = (json: unknown, ignoreUnknown = false) => parseServiceConfig(JSON.stringify(json), { ignoreUnknown });
const method = (fields: object) => parse({ methodConfig: [{ name: NAME, ...fields }] }).methodConfig("/foo/Bar");
const retry = (change: object) => method({ retryPolicy: { ...RETRY, ...change } })?.retryPolicy;
const hedging = (fields: object) => method({ hedgingPolicy: { maxAttempts: 2, ...fields } })?.hedgingPolicy;

describe("durations (ProtoJSON; grpc-go's table)", () => {
  test.each<[json: string, ms: number]>([
    ["1s", 1000],
    ["0s", 0],
    [".050s", 50],
    ["0.200s", 200],
    ["3.s", 3000],
    ["1.000000001s", 1000.000001],
    ["315576000000s", 315_576_000_000_000],
    ["-0s", 0],
  ])("%s is %d ms", (json, ms) => expect(method({ timeout: json })?.timeoutMs).toBeCloseTo(ms, 6));

  test.each<[json: unknown, fault: string]>([
    ["3c", 'is "3c": it must be a duration in seconds, such as "0.25s"'],
    ["5m", "it must be a duration"],
    ["5.3.2s", "it must be a duration"],
    ["x.3s", "it must be a duration"],
    ["3.xs", "it must be a duration"],
    ["3.1234567890s", "it must be a duration"],
    [".s", "it must be a duration"],
    ["s", "it must be a duration"],
    ["", "it must be a duration"],
    ["1e3s", "it must be a duration"],
    [" 1s", "it must be a duration"],
    ["1s ", "it must be a duration"],
    ["1ss", "it must be a duration"],
    [["1s"], "it must be a duration"],
    [1, "is 1: it must be a duration"],
    [{ seconds: 1 }, "it must be a duration"],
    ["315576000001s", "it must be at most 315576000000 seconds"],
    ["-1s", "it must not be negative"],
    ["-.001s", "it must not be negative"],
  ])("%j is none", (json, fault) => {
    expect(() => method({ timeout: json })).toThrow(TypeError);
    expect(() => method({ timeout: json })).toThrow("serviceConfig.methodConfig[0].timeout ");
    expect(() => method({ timeout: json })).toThrow(fault);
  });
});

describe("the fields of a method", () => {
  test("nothing is set that is not there; null is not there", () => {
    const nothing = {
      exact: true,
      timeoutMs: undefined,
      waitForReady: undefined,
      maxRequestMessageBytes: undefined,
      maxResponseMessageBytes: undefined,
      retryPolicy: undefined,
      hedgingPolicy: undefined,
    };
    expect(method({})).toEqual(nothing);
    const nulls = { timeout: null, waitForReady: null, maxRequestMessageBytes: null, retryPolicy: null };
    expect(method(nulls)).toEqual(nothing);
  });

  test.each<[fields: object, expected: object]>([
    [{ waitForReady: true }, { waitForReady: true }],
    [{ waitForReady: false }, { waitForReady: false }],
    [
      { maxRequestMessageBytes: 1024, maxResponseMessageBytes: "2048" },
      { maxRequestMessageBytes: 1024, maxResponseMessageBytes: 2048 },
    ],
    [{ maxRequestMessageBytes: 0 }, { maxRequestMessageBytes: 0 }],
    [{ maxResponseMessageBytes: 4_294_967_295 }, { maxResponseMessageBytes: 4_294_967_295 }],
  ])("%j", (fields, expected) => expect(method(fields)).toMatchObject(expected));

  test.each<[fields: object, fault: string]>([
    [{ waitForReady: "true" }, 'waitForReady is "true": it must be true or false'],
    [{ maxRequestMessageBytes: -1 }, "maxRequestMessageBytes is -1: it must be a whole number of bytes"],
    [{ maxRequestMessageBytes: 1.5 }, "maxRequestMessageBytes is 1.5"],
    [{ maxRequestMessageBytes: true }, "maxRequestMessageBytes is true"],
    [{ maxRequestMessageBytes: ["5"] }, "maxRequestMessageBytes is"],
    [{ maxRequestMessageBytes: "" }, "maxRequestMessageBytes is"],
    [{ maxResponseMessageBytes: 4_294_967_296 }, "maxResponseMessageBytes is 4294967296"],
    [{ maxResponseMessageBytes: "4MiB" }, 'maxResponseMessageBytes is "4MiB"'],
    [{ retrypolicy: RETRY }, "retrypolicy is no field of a service config: did you mean retryPolicy?"],
    [{ wait_for_ready: true }, "wait_for_ready is no field of a service config: did you mean waitForReady?"],
    [{ colour: "red" }, "colour is no field of a service config: there are name, timeout,"],
    [{ retryPolicy: RETRY, hedgingPolicy: { maxAttempts: 2 } }, "there is a retryPolicy too; only one may be set"],
    [{ retryPolicy: [] }, "retryPolicy is []: it must be an object"],
  ])("%j is wrong", (fields, fault) => {
    expect(() => method(fields)).toThrow(`serviceConfig.methodConfig[0].`);
    expect(() => method(fields)).toThrow(fault);
  });
});

describe("names", () => {
  test("the narrowest counts, alone", () => {
    const config = parse({
      methodConfig: [
        { name: [{}], timeout: "3s", waitForReady: true },
        { name: [{ service: "a.B" }], timeout: "2s" },
        {
          name: [
            { service: "a.B", method: "C" },
            { service: "d.E", method: "F" },
          ],
          timeout: "1s",
        },
      ],
    });
    expect(config.methodConfig("/a.B/C")).toMatchObject({ timeoutMs: 1000, exact: true, waitForReady: undefined });
    expect(config.methodConfig("/d.E/F")).toMatchObject({ timeoutMs: 1000, exact: true });
    expect(config.methodConfig("/a.B/Other")).toMatchObject({ timeoutMs: 2000, exact: false });
    expect(config.methodConfig("/d.E/Other")).toMatchObject({ timeoutMs: 3000, exact: false });
    expect(config.methodConfig("/a.BC/C")).toMatchObject({ timeoutMs: 3000 });
  });

  test.each([[{}], [{ service: null }], [{ service: "" }], [{ service: "", method: "" }], [{ method: null }]])(
    "%j names every method",
    (name) => {
      const config = parse({ methodConfig: [{ name: [name], waitForReady: true }] });
      expect(config.methodConfig("/any/Thing")).toMatchObject({ waitForReady: true, exact: false });
    },
  );

  test("a method without a config has none", () => {
    expect(parse({}).methodConfig("/foo/Bar")).toBeUndefined();
    expect(parse({ methodConfig: [{ name: NAME }] }).methodConfig("/foo/Baz")).toBeUndefined();
  });

  test.each<[config: unknown, fault: string]>([
    [[{ name: [{ method: "Bar" }] }], '[0].name[0] is {"method":"Bar"}: a method needs its service'],
    [[{ name: [{ service: "", method: "Bar" }] }], "a method needs its service"],
    [[{ name: [{ service: "foo" }, { service: "foo" }] }], "methodConfig[0].name[0] names the same already"],
    [[{ name: NAME }, { name: NAME }], "[1].name[0] is"],
    [[{ name: [{}] }, { name: [{ service: "" }] }], "methodConfig[0].name[0] names the same already"],
    [[{ name: [] }], "methodConfig[0].name is []: it must be an array that names at least one"],
    [[{ timeout: "1s" }], "methodConfig[0].name is missing: it must be an array that names at least one"],
    [[{ name: { service: "foo" } }], "methodConfig[0].name is"],
    [[{ name: [{ service: "/foo" }] }], 'name[0].service is "/foo": it must be a name without "/"'],
    [[{ name: [{ service: 1 }] }], "name[0].service is 1: it must be a text"],
    [[{ name: [{ svc: "foo" }] }], "name[0].svc is no field"],
    [[7], "methodConfig[0] is 7: it must be an object"],
    [{}, "serviceConfig.methodConfig is {}: it must be an array"],
  ])("%j is wrong", (methodConfig, fault) => expect(() => parse({ methodConfig })).toThrow(fault));
});

describe("retryPolicy (gRFC A6, and grpc-go's table)", () => {
  test("a valid one", () => {
    expect(retry({})).toEqual({
      maxAttempts: 2,
      initialBackoffMs: 2000,
      maxBackoffMs: 10_000,
      backoffMultiplier: 2,
      retryableStatusCodes: new Set([status.UNAVAILABLE]),
    });
  });

  test("more than five attempts are no error: the channel cuts them", () => {
    expect(retry({ maxAttempts: 100 })?.maxAttempts).toBe(100);
  });

  test.each<[codes: unknown[], expected: status[]]>([
    [[14], [status.UNAVAILABLE]],
    [["unavailable"], [status.UNAVAILABLE]],
    [
      ["Unavailable", "ABORTED", 8, "CANCELLED", 4],
      [14, 10, 8, 1, 4],
    ],
    [["UNAVAILABLE", 14], [14]],
    [
      ["UNAUTHENTICATED", 15],
      [15, 16],
    ],
    [[16], [16]],
  ])("codes %j", (codes, expected) => {
    expect(retry({ retryableStatusCodes: codes })?.retryableStatusCodes).toEqual(new Set(expected));
  });

  test.each<[change: object, fault: string]>([
    [{ maxAttempts: undefined }, "maxAttempts is missing: it must be a whole number, 2 or more"],
    [{ maxAttempts: -1 }, "maxAttempts is -1"],
    [{ maxAttempts: 0 }, "maxAttempts is 0"],
    [{ maxAttempts: 1 }, "maxAttempts is 1: it must be a whole number, 2 or more"],
    [{ maxAttempts: 2.5 }, "maxAttempts is 2.5"],
    [{ maxAttempts: "2" }, 'maxAttempts is "2"'],
    [{ initialBackoff: undefined }, "initialBackoff is missing: it must be a duration"],
    [{ initialBackoff: "0s" }, 'initialBackoff is "0s": it must be more than 0'],
    [{ initialBackoff: "-1s" }, "initialBackoff"],
    [{ maxBackoff: undefined }, "maxBackoff is missing"],
    [{ maxBackoff: "0s" }, 'maxBackoff is "0s": it must be more than 0'],
    [{ backoffMultiplier: undefined }, "backoffMultiplier is missing: it must be a number above 0"],
    [{ backoffMultiplier: 0 }, "backoffMultiplier is 0"],
    [{ backoffMultiplier: -0.5 }, "backoffMultiplier is -0.5"],
    [{ backoffMultiplier: "2" }, 'backoffMultiplier is "2"'],
    [{ retryableStatusCodes: undefined }, "retryableStatusCodes is missing: it must be an array"],
    [{ retryableStatusCodes: [] }, "retryableStatusCodes is []: it must name at least one"],
    [{ retryableStatusCodes: "UNAVAILABLE" }, "it must be an array"],
    [{ retryableStatusCodes: ["UNAVAILABLE", "NO_SUCH"] }, 'retryableStatusCodes[1] is "NO_SUCH": it must be a status'],
    [{ retryableStatusCodes: [17] }, "retryableStatusCodes[0] is 17"],
    [{ retryableStatusCodes: [-1] }, "retryableStatusCodes[0] is -1"],
    [{ retryableStatusCodes: [1.5] }, "retryableStatusCodes[0] is 1.5"],
    [{ retryableStatusCodes: ["14"] }, 'retryableStatusCodes[0] is "14"'],
    [{ retryableStatusCodes: ["OK"] }, 'retryableStatusCodes[0] is "OK": OK is no failure'],
    [{ retryableStatusCodes: [0] }, "OK is no failure"],
    [{ MaxAttempts: 3 }, "MaxAttempts is no field of a service config: did you mean maxAttempts?"],
  ])("%j is wrong", (change, fault) => {
    expect(() => retry(change)).toThrow("serviceConfig.methodConfig[0].retryPolicy");
    expect(() => retry(change)).toThrow(fault);
  });
});

describe("hedgingPolicy (gRFC A6)", () => {
  test("only maxAttempts is needed", () => {
    expect(hedging({})).toEqual({ maxAttempts: 2, hedgingDelayMs: 0, nonFatalStatusCodes: new Set() });
  });

  test("all there is", () => {
    expect(
      hedging({ maxAttempts: 4, hedgingDelay: "0.5s", nonFatalStatusCodes: ["UNAVAILABLE", 13, "aborted"] }),
    ).toEqual({
      maxAttempts: 4,
      hedgingDelayMs: 500,
      nonFatalStatusCodes: new Set([14, 13, 10]),
    });
  });

  test.each<[fields: object, fault: string]>([
    [{ maxAttempts: 1 }, "maxAttempts is 1"],
    [{ hedgingDelay: "1" }, "hedgingDelay"],
    [{ hedgingDelay: "-1s" }, "it must not be negative"],
    [{ nonFatalStatusCodes: "UNAVAILABLE" }, "it must be an array"],
    [{ nonFatalStatusCodes: ["OK"] }, "OK is no failure"],
    [{ delay: "1s" }, "delay is no field"],
  ])("%j is wrong", (fields, fault) => {
    expect(() => hedging(fields)).toThrow("serviceConfig.methodConfig[0].hedgingPolicy");
    expect(() => hedging(fields)).toThrow(fault);
  });
});

describe("retryThrottling (gRFC A6)", () => {
  test.each<[maxTokens: number, tokenRatio: number, milli: [number, number]]>([
    [10, 0.1, [10_000, 100]],
    [1, 1, [1000, 1000]],
    [1000, 2.5, [1_000_000, 2500]],
    [10, 0.5466, [10_000, 546]],
    [10, 0.57, [10_000, 570]],
    [10, 0.001, [10_000, 1]],
  ])("%d tokens, ratio %d", (maxTokens, tokenRatio, [maxMilliTokens, milliTokenRatio]) => {
    expect(parse({ retryThrottling: { maxTokens, tokenRatio } }).retryThrottling).toEqual({
      maxMilliTokens,
      milliTokenRatio,
    });
  });

  test.each<[throttling: object, fault: string]>([
    [{ tokenRatio: 1 }, "maxTokens is missing"],
    [{ maxTokens: 0, tokenRatio: 1 }, "maxTokens is 0: it must be a whole number, from 1 to 1000"],
    [{ maxTokens: 1001, tokenRatio: 1 }, "maxTokens is 1001"],
    [{ maxTokens: 1.5, tokenRatio: 1 }, "maxTokens is 1.5"],
    [{ maxTokens: 1 }, "tokenRatio is missing"],
    [{ maxTokens: 1, tokenRatio: 0 }, "tokenRatio is 0"],
    [{ maxTokens: 1, tokenRatio: -1 }, "tokenRatio is -1"],
    [{ maxTokens: 1, tokenRatio: 0.0005 }, "tokenRatio is 0.0005: only three places behind the point count"],
  ])("%j is wrong", (retryThrottling, fault) => {
    expect(() => parse({ retryThrottling })).toThrow("serviceConfig.retryThrottling.");
    expect(() => parse({ retryThrottling })).toThrow(fault);
  });
});

describe("load balancing and health", () => {
  test.each<[config: object, expected: unknown]>([
    [{}, undefined],
    [{ loadBalancingConfig: [{ round_robin: {} }] }, [{ policy: "round_robin", config: {} }]],
    [
      { loadBalancingConfig: [{ pbb: { foo: "hi" } }, { pick_first: { shuffleAddressList: true } }] },
      [
        { policy: "pbb", config: { foo: "hi" } },
        { policy: "pick_first", config: { shuffleAddressList: true } },
      ],
    ],
    [{ loadBalancingPolicy: "ROUND_ROBIN" }, [{ policy: "round_robin", config: {} }]],
    [{ loadBalancingPolicy: "" }, undefined],
    [{ loadBalancingPolicy: "a", loadBalancingConfig: [{ b: {} }] }, [{ policy: "b", config: {} }]],
  ])("%j", (config, expected) => expect(parse(config).loadBalancing).toEqual(expected));

  test.each<[config: object, fault: string]>([
    [{ loadBalancingConfig: [] }, "loadBalancingConfig is []: it must name at least one policy"],
    [{ loadBalancingConfig: {} }, "it must be an array"],
    [{ loadBalancingConfig: [{}] }, "loadBalancingConfig[0] is {}: it must be an object with one field"],
    [{ loadBalancingConfig: [{ a: {}, b: {} }] }, "it must be an object with one field"],
    [{ loadBalancingConfig: [{ a: 1 }] }, "loadBalancingConfig[0].a is 1: it must be an object"],
    [{ loadBalancingConfig: ["round_robin"] }, 'loadBalancingConfig[0] is "round_robin": it must be an object'],
    [{ loadBalancingPolicy: 1 }, "loadBalancingPolicy is 1: it must be a text"],
  ])("%j is wrong", (config, fault) => expect(() => parse(config)).toThrow(fault));

  test("health checks", () => {
    expect(parse({}).healthCheckService).toBeUndefined();
    expect(parse({ healthCheckConfig: {} }).healthCheckService).toBeUndefined();
    expect(parse({ healthCheckConfig: { serviceName: "" } }).healthCheckService).toBe("");
    expect(parse({ healthCheckConfig: { serviceName: "a.B" } }).healthCheckService).toBe("a.B");
    expect(() => parse({ healthCheckConfig: { serviceName: 1 } })).toThrow("healthCheckConfig.serviceName is 1");
    expect(() => parse({ healthCheckConfig: { service: "x" } })).toThrow("healthCheckConfig.service is no field");
  });
});

describe("the whole", () => {
  test("an object does as well as its text", () => {
    const config = parseServiceConfig({ methodConfig: [{ name: [{}], retryPolicy: RETRY }] });
    expect(config.methodConfig("/a/B")?.retryPolicy?.maxAttempts).toBe(2);
  });

  test.each<[text: string, fault: string]>([
    ["", "serviceConfig is no JSON"],
    ['{"methodConfig": [{"waitForReady": fall}]}', "serviceConfig is no JSON"],
    ["[]", "serviceConfig is []: it must be an object"],
    ["null", "serviceConfig is null"],
    ["7", "serviceConfig is 7"],
    ['{"methodConfigs": []}', "serviceConfig.methodConfigs is no field of a service config: there are"],
  ])("%s is wrong", (text, fault) => {
    expect(() => parseServiceConfig(text)).toThrow(TypeError);
    expect(() => parseServiceConfig(text)).toThrow(fault);
  });

  test("a resolver's config may hold what nobody knows, and configs without a name", () => {
    const config = parse(
      { future: 1, methodConfig: [{ name: NAME, future: 2, retryPolicy: { ...RETRY, future: 3 } }, { timeout: "1s" }] },
      true,
    );
    expect(config.methodConfig("/foo/Bar")?.retryPolicy?.maxAttempts).toBe(2);
    expect(() => parse({ methodConfig: [{ name: NAME, timeout: "3c" }] }, true)).toThrow("timeout");
  });

  test("long values are cut in the error", () => {
    const long = "x".repeat(500);
    expect(() => method({ timeout: long })).toThrow(/timeout is "x{76}\.\.\.: /);
  });

  test("names of Object.prototype are no fields", () => {
    expect(() => parseServiceConfig('{"methodConfig":[{"name":[{}],"__proto__":{}}]}')).toThrow(
      "__proto__ is no field",
    );
    expect(method({}) && parse({ methodConfig: [{ name: NAME }] }).methodConfig("constructor")).toBeUndefined();
  });
});
