import { describe, expect, test } from "vitest";
import { isManifold, parseChannelTarget } from "../../src/runtime/channel/target.js";

const tcp = (host: string, port: number) => ({ host, port });
const fixed = (...addresses: object[]) => ({ kind: "addresses", addresses });
const dns = (host: string, port: number, server?: string) => ({ kind: "dns", server, host, port });

describe("targets of many addresses (gRPC's naming document)", () => {
  test.each([
    ["dns:host", false, "host:443", "host", dns("host", 443)],
    ["dns:host:7", true, "host:7", "host", dns("host", 7)],
    ["dns:///host:7", false, "host:7", "host", dns("host", 7)],
    ["DNS:///a.b-c_d.example:7", false, "a.b-c_d.example:7", "a.b-c_d.example", dns("a.b-c_d.example", 7)],
    ["dns://8.8.8.8/host:7", false, "host:7", "host", dns("host", 7, "8.8.8.8")],
    ["dns://8.8.8.8:53/host", false, "host:443", "host", dns("host", 443, "8.8.8.8:53")],
    ["dns://[2001:db8::1]:53/host:7", false, "host:7", "host", dns("host", 7, "[2001:db8::1]:53")],
    ["dns:///10.0.0.1:7", false, "10.0.0.1:7", undefined, fixed(tcp("10.0.0.1", 7))],
    ["dns:///[::1]:7", false, "[::1]:7", undefined, fixed(tcp("::1", 7))],
    ["dns:///::1", false, "[::1]:443", undefined, fixed(tcp("::1", 443))],
    ["ipv4:10.0.0.1:7", false, "10.0.0.1:7", undefined, fixed(tcp("10.0.0.1", 7))],
    ["ipv4:10.0.0.1:7,10.0.0.2", true, "10.0.0.1:7", undefined, fixed(tcp("10.0.0.1", 7), tcp("10.0.0.2", 443))],
    ["ipv6:[::1]:7,[::2]:8", false, "[::1]:7", undefined, fixed(tcp("::1", 7), tcp("::2", 8))],
    ["http://host:7", false, "host:7", "host", dns("host", 7)],
    ["http://10.0.0.1:7", false, "10.0.0.1:7", undefined, fixed(tcp("10.0.0.1", 7))],
    ["unix:/a/b", true, "localhost", undefined, fixed({ path: "/a/b" })],
  ] as const)("%s, tls %s", (target, tls, authority, serverName, source) => {
    expect(parseChannelTarget(target, tls, false)).toEqual({ name: target, authority, tls, serverName, source });
  });

  test("https:// says TLS itself", () => {
    expect(parseChannelTarget("https://host", false, false)).toMatchObject({ tls: true, authority: "host:443" });
  });

  test("a list is of targets of one address each", () => {
    expect(parseChannelTarget(["http://a:1", "http://[::1]:2"], false, false)).toEqual({
      name: "http://a:1,http://[::1]:2",
      authority: "a:1",
      tls: false,
      serverName: undefined,
      source: fixed(tcp("a", 1), tcp("::1", 2)),
    });
    expect(parseChannelTarget(["unix:/a", "unix:/b"], false, false).source).toEqual(
      fixed({ path: "/a" }, { path: "/b" }),
    );
  });

  test.each([
    ["consul:///web", "web", "web"],
    ["consul://dc1/web:80", "web:80", "web"],
    ["zk:services/web", "services/web", "services/web"],
  ])("%s needs a resolver", (target, authority, serverName) => {
    expect(parseChannelTarget(target, false, true)).toEqual({
      name: target,
      authority,
      tls: false,
      serverName,
      source: { kind: "custom" },
    });
    expect(() => parseChannelTarget(target, false, false)).toThrow(/^cannot connect to ".*": unknown scheme/);
  });

  test.each([
    ["dns:///", "it is no dns:///host:port"],
    ["dns:host:7:8", "it is no dns:///host:port"],
    ["dns:host:7/", "it is no dns:///host:port"],
    ["dns:host:70000", "it is no dns:///host:port"],
    ["dns://ns.example/host:7", 'the DNS server "ns.example" is no IP address'],
    ["ipv4:", "it is no list of addresses such as ipv4:"],
    ["ipv4:host:7", "it is no list of addresses such as ipv4:"],
    ["ipv4:[::1]:7", "it is no list of addresses such as ipv4:"],
    ["ipv6:10.0.0.1:7", "it is no list of addresses such as ipv6:"],
    [[], "the list of addresses is empty"],
    [["http://a:1", "https://b:1"], "some of the list are https:// and some http://"],
    [["http://a:1", "dns:b"], 'cannot connect to "dns:b": unknown scheme "dns:"'],
  ] as const)("%j is refused, with the reason", (target, reason) => {
    expect(() => parseChannelTarget(target, false, false)).toThrow(TypeError);
    expect(() => parseChannelTarget(target, false, false)).toThrow(reason);
  });

  test.each([
    ["dns:a", true],
    [["http://a:1"], true],
    ["ipv4:10.0.0.1:1", true],
    ["http://a:1", false],
    ["unix:/a", false],
    ["nonsense", false],
    [undefined, false],
  ])("%j: whether it needs a resolver", (target, manifold) => {
    expect(isManifold(target)).toBe(manifold);
  });
});
