import { describe, expect, test } from "vitest";
import { type DnsLookups, type DnsOptions, dnsResolver } from "../../src/runtime/channel/resolver/dns-resolver.js";
import type { ResolverResult } from "../../src/runtime/channel/resolver/resolver.js";
import { chooseServiceConfig } from "../../src/runtime/channel/resolver/txt-service-config.js";
import { FakeClock } from "./support/fake-clock.js";

/** The name servers of one test, and what a channel hears of them. */
class Names implements DnsLookups {
  readonly clock: FakeClock = new FakeClock();
  readonly heard: (ResolverResult | string)[] = [];
  readonly asked: string[] = [];
  known: Record<string, readonly string[]> = {};
  services: Record<string, Awaited<ReturnType<DnsLookups["srv"]>>> = {};
  texts: Record<string, readonly string[]> = {};

  resolve(host: string, options: DnsOptions = {}) {
    const onResult = (result: ResolverResult) => void this.heard.push(result);
    const onError = (reason: string) => void this.heard.push(reason);
    return dnsResolver({ host, port: 80 }, this, options, this.clock)(host, { onResult, onError });
  }

  addresses = async (name: string) => this.#found("A", name, this.known);
  srv = async (name: string) => this.#found("SRV", name, this.services);
  txt = async (name: string) => this.#found("TXT", name, this.texts);

  #found<Record>(kind: string, name: string, records: Readonly<globalThis.Record<string, Record>>): Record {
    this.asked.push(`${kind} ${name}`);
    const record = records[name];
    if (record === undefined) throw new Error(`queryA ENOTFOUND ${name}`);
    return record;
  }
}

/** Lets promises go on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

async function lookUpsAfter(names: Names, ms: number): Promise<number> {
  names.clock.advance(ms);
  await settle();
  return names.asked.length;
}

describe("names by DNS", () => {
  test("all addresses of a name, in their order, with the target's port", async () => {
    const names = new Names();
    names.known = { web: ["::1", "10.0.0.1"] };
    names.resolve("web");
    await settle();
    expect(names.heard).toEqual([
      {
        addresses: [
          { host: "::1", port: 80 },
          { host: "10.0.0.1", port: 80 },
        ],
        serviceConfig: undefined,
      },
    ]);
  });

  test("are looked up every 30 s, or as often as is asked for, until closed", async () => {
    const names = new Names();
    names.known = { web: [] };
    const resolver = names.resolve("web");
    await settle();
    expect(await lookUpsAfter(names, 29_999)).toBe(1);
    expect(await lookUpsAfter(names, 1)).toBe(2);
    resolver.close();
    expect(await lookUpsAfter(names, 100_000)).toBe(2);
    expect(names.clock.timers).toBe(0);
    names.resolve("web", { refreshMs: 5_000 });
    await settle();
    expect(await lookUpsAfter(names, 5_000)).toBe(4);
  });

  test("when connections are lost: at once, but 30 s after the last look-up at the earliest", async () => {
    const names = new Names();
    names.known = { web: [] };
    const resolver = names.resolve("web", { refreshMs: Number.POSITIVE_INFINITY });
    await settle();
    expect(names.clock.timers).toBe(0);
    await lookUpsAfter(names, 10_000);
    resolver.refresh?.();
    resolver.refresh?.();
    expect(await lookUpsAfter(names, 19_999)).toBe(1);
    expect(await lookUpsAfter(names, 1)).toBe(2);
    await lookUpsAfter(names, 31_000);
    resolver.refresh?.();
    expect(await lookUpsAfter(names, 0)).toBe(3);
  });

  test("a look-up that fails is repeated after 1 s, 1.6 s, … and tells why each time", async () => {
    const names = new Names();
    names.resolve("web");
    await settle();
    expect(names.heard).toEqual(["queryA ENOTFOUND web"]);
    expect(await lookUpsAfter(names, 1_000)).toBe(2);
    expect(await lookUpsAfter(names, 1_599)).toBe(2);
    expect(await lookUpsAfter(names, 1)).toBe(3);
    names.known = { web: [] };
    expect(await lookUpsAfter(names, 2_560)).toBe(4);
    expect(names.heard.slice(-1)).toEqual([{ addresses: [], serviceConfig: undefined }]);
    expect(await lookUpsAfter(names, 29_999)).toBe(4);
  });

  test.each([
    ["web", "SRV _grpc._tcp.web"],
    ["_web._tcp.example", "SRV _web._tcp.example"],
  ])("SRV records of %s: those of the first priority, with their ports and weights", async (host, asked) => {
    const names = new Names();
    names.services = {
      [asked.slice(4)]: [
        { name: "far", port: 1, priority: 20, weight: 1 },
        { name: "a", port: 7, priority: 10, weight: 3 },
        { name: "b", port: 8, priority: 10, weight: 0 },
        { name: ".", port: 8, priority: 10, weight: 0 },
      ],
    };
    names.known = { a: ["10.0.0.1", "10.0.0.2"], b: ["10.0.0.3"], far: ["10.0.0.4"] };
    names.resolve(host, { srv: true });
    await settle();
    expect(names.asked).toEqual([asked, "A a", "A b"]);
    expect(names.heard).toMatchObject([
      {
        addresses: [
          { host: "10.0.0.1", port: 7, weight: 3 },
          { host: "10.0.0.2", port: 7, weight: 3 },
          { host: "10.0.0.3", port: 8, weight: 0.1 },
        ],
      },
    ]);
  });

  test("the service config in TXT, only where it is asked for; most names have none", async () => {
    const names = new Names();
    names.known = { web: [] };
    names.texts = { "_grpc_config.web": ['grpc_config=[{"serviceConfig":{"loadBalancingConfig":[]}}]'] };
    names.resolve("web").close();
    await settle();
    expect(names.asked).toEqual(["A web"]);
    names.resolve("web", { serviceConfig: true });
    await settle();
    expect(names.heard).toEqual([{ addresses: [], serviceConfig: { loadBalancingConfig: [] } }]);
    names.texts = {};
    names.resolve("web", { serviceConfig: true });
    await settle();
    expect(names.heard.at(-1)).toEqual({ addresses: [], serviceConfig: undefined });
  });
});

describe("the choice of a service config in TXT (gRFC A2)", () => {
  const choice = (json: unknown, percent = 50) =>
    chooseServiceConfig([`grpc_config=${JSON.stringify(json)}`], percent, "this");

  test.each([
    [[], undefined],
    [[{ serviceConfig: 1 }, { serviceConfig: 2 }], 1],
    [
      [
        { clientLanguage: ["GO"], serviceConfig: 1 },
        { clientLanguage: ["go", "Node"], serviceConfig: 2 },
      ],
      2,
    ],
    [
      [
        { percentage: 50, serviceConfig: 1 },
        { percentage: 51, serviceConfig: 2 },
      ],
      2,
    ],
    [[{ percentage: 0, serviceConfig: 1 }], undefined],
    [[{ percentage: 100, serviceConfig: 1 }], 1],
    [[{ clientHostname: ["a"], serviceConfig: 1 }, { serviceConfig: 2 }], 2],
    [[{ clientHostname: ["a", "this"], serviceConfig: 1 }, { serviceConfig: 2 }], 1],
    [[{ clientHostname: ["this"], clientLanguage: ["go"], serviceConfig: 1 }], undefined],
  ])("%j: %j", (choices, expected) => {
    expect(choice(choices)).toBe(expected);
  });

  test("other records are passed over", () => {
    expect(chooseServiceConfig(["v=spf1 -all"], 0)).toBeUndefined();
    expect(chooseServiceConfig(["v=spf1 -all", 'grpc_config=[{"serviceConfig":{}}]'], 0)).toEqual({});
  });

  test.each([
    ["grpc_config={", "is no JSON"],
    ["grpc_config={}", "is no list of choices"],
    ["grpc_config=[{}]", "is no list of choices"],
    ["grpc_config=[null]", "is no list of choices"],
    ["grpc_config=[1]", "is no list of choices"],
    ['grpc_config=["serviceConfig"]', "is no list of choices"],
    ['grpc_config=[{"serviceConfig":{},"clientLanguage":[1]}]', "is no list of choices"],
    ['grpc_config=[{"serviceConfig":{},"clientHostname":["a",1]}]', "is no list of choices"],
    ['grpc_config=[{"serviceConfig":{},"percentage":"1"}]', "is no list of choices"],
    ['grpc_config=[{"serviceConfig":{},"clientLanguage":"go"}]', "is no list of choices"],
  ])("%s is refused", (text, reason) => {
    expect(() => chooseServiceConfig([text], 0)).toThrow(reason);
  });
});
