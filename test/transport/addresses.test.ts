import { describe, expect, test } from "vitest";
import { parseListenAddress } from "../../src/runtime/transport/grpc-h2/node/listen-address.js";
import { parseTarget } from "../../src/runtime/transport/target.js";

const tcp = (host: string, port: number, tls = false) => ({ kind: "tcp", tls, host, port });
const unix = (path: string, tls = false) => ({ kind: "unix", tls, path });

describe("targets", () => {
  test.each([
    ["http://host", false, tcp("host", 80)],
    ["http://host:50051", false, tcp("host", 50_051)],
    ["http://host/", false, tcp("host", 80)],
    ["https://host", false, tcp("host", 443, true)],
    ["https://host", true, tcp("host", 443, true)],
    ["https://host:1", true, tcp("host", 1, true)],
    ["http://[::1]:7", false, tcp("::1", 7)],
    ["unix:/a/b", false, unix("/a/b")],
    ["unix:///a/b", true, unix("/a/b", true)],
    ["unix:a", false, unix("a")],
    ["unix://a", false, unix("//a")],
  ] as const)("%s, tls %s", (target, tls, parsed) => {
    expect(parseTarget(target, tls)).toEqual(parsed);
  });

  test.each([
    ["unix:", false, 'cannot connect to "unix:": the path of the socket is missing; expected http://host:port'],
    ["host:50051", false, "write http://host:50051 or https://host:50051"],
    ["my-host.a_b:1", false, "write http://my-host.a_b:1 or"],
    ["[::1]:1", false, "write http://[::1]:1 or"],
    ["nonsense", false, "it is no URL"],
    ["", false, "it is no URL"],
    ["ftp://host", false, 'unknown scheme "ftp:"'],
    ["http://user@host", false, "user and password cannot be part of it"],
    ["http://:secret@host", false, "user and password cannot be part of it"],
    ["http://host/path", false, "a path, query or fragment has no meaning in gRPC"],
    ["http://host/?q", false, "a path, query or fragment has no meaning in gRPC"],
    ["http://host/#f", false, "a path, query or fragment has no meaning in gRPC"],
    ["http://host", true, "tls is given, so it should be https://"],
    ["xdns:host", false, 'unknown scheme "xdns:"'],
  ] as const)("%j, tls %s is refused, with the reason", (target, tls, reason) => {
    expect(() => parseTarget(target, tls)).toThrow(TypeError);
    expect(() => parseTarget(target, tls)).toThrow(reason);
  });

  test.each([
    [undefined, 'cannot connect to "undefined": it is undefined'],
    [null, 'cannot connect to "null": it is null'],
    [50_051, 'cannot connect to "50051": it is number'],
  ])("%s is no target", (target, reason) => {
    expect(() => parseTarget(target as unknown as string, false)).toThrow(reason);
  });
});

describe("addresses to listen on", () => {
  test.each([
    ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
    ["localhost:65535", { host: "localhost", port: 65_535 }],
    ["[::1]:7", { host: "::1", port: 7 }],
    [":7", { host: undefined, port: 7 }],
    ["unix:/a/b", { path: "/a/b" }],
    ["unix:///a/b", { path: "/a/b" }],
    ["unix:a", { path: "a" }],
    ["unix://a", { path: "//a" }],
  ])("%s", (address, parsed) => {
    expect(parseListenAddress(address)).toEqual(parsed);
  });

  test.each([
    "host:65536",
    "host:70000",
    "host:123456",
    "host",
    "host:",
    "::1:7",
    "[::1]",
    "x[::1]:7",
    "a:7 ",
    "a:x7",
    "",
  ])("%j is refused", (address) => {
    expect(() => parseListenAddress(address)).toThrow(
      new TypeError(`cannot listen on "${address}": expected host:port, [ipv6]:port or unix:/path`),
    );
  });

  test("a socket without a path, and what is no text, are refused", () => {
    expect(() => parseListenAddress("unix:")).toThrow("the path of the socket is missing");
    expect(() => parseListenAddress(50_051 as unknown as string)).toThrow(
      "cannot listen on 50051: expected a text, host:port, [ipv6]:port or unix:/path",
    );
  });
});
