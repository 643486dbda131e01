import { describe, expect, test } from "vitest";
import { checkOrigins, originFault } from "../../../src/runtime/transport/web-socket/server/origin.js";

/** RFC 6454, section 6.2 (how an origin is written), RFC 6455, section 10.2 (what a server does with it). */
describe("which pages may connect", () => {
  test.each([
    // Whatever is no browser sends none.
    [undefined, "api.example.com", undefined, true],
    [undefined, "api.example.com", ["https://app.example.com"], true],
    // Pages of the same host and port, whatever the scheme: TLS may end before the server.
    ["https://api.example.com", "api.example.com", undefined, true],
    ["http://api.example.com", "api.example.com", undefined, true],
    ["https://api.example.com", "API.example.com:443", undefined, true],
    ["http://127.0.0.1:8080", "127.0.0.1:8080", undefined, true],
    ["http://[::1]:8080", "[::1]:8080", undefined, true],
    ["http://127.0.0.1:8081", "127.0.0.1:8080", undefined, false],
    ["http://localhost:8080", "127.0.0.1:8080", undefined, false],
    ["https://evil.example", "api.example.com", undefined, false],
    ["https://api.example.com.evil.example", "api.example.com", undefined, false],
    ["https://api.example.com", undefined, undefined, false],
    ["https://api.example.com", "", undefined, false],
    ["https://api.example.com", "a b", undefined, false],
    ["null", "null", undefined, false],
    ["file://", "", undefined, false],
    ["no origin at all", "no origin at all", undefined, false],
    // Where some are named, these and no others.
    ["https://app.example.com", "api.example.com", ["https://app.example.com"], true],
    ["https://APP.example.com", "api.example.com", ["https://app.example.com"], true],
    ["http://app.example.com", "api.example.com", ["https://app.example.com"], false],
    ["https://app.example.com:444", "api.example.com", ["https://app.example.com"], false],
    ["https://api.example.com", "api.example.com", ["https://app.example.com"], false],
    ["https://api.example.com", "api.example.com", [], false],
    ["null", "api.example.com", ["https://app.example.com"], false],
    ["null", "api.example.com", ["null"], true],
    ["https://evil.example", "api.example.com", ["*"], true],
    ["capacitor://localhost", "api.example.com", ["capacitor://localhost"], true],
  ])("%s at host %s, allowed %j: %s", (origin, host, allowed, may) => {
    expect(originFault(origin, host, allowed) === undefined).toBe(may);
  });

  test.each([["https://app.example.com"], ["http://localhost:8080"], ["*"], ["null"], ["capacitor://localhost"]])(
    "%s is an origin",
    (origin) => {
      checkOrigins([origin]);
    },
  );

  test.each([
    ["https://app.example.com/"],
    ["app.example.com"],
    ["https://app.example.com/path"],
    ["https://*.example.com"],
    ["https://app.example.com:443"],
    [""],
  ])("%s is no origin, and is named", (origin) => {
    expect(() => checkOrigins([origin])).toThrow(`"${origin}" is no origin`);
  });
});
