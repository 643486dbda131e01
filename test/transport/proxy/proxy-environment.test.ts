import { describe, expect, test } from "vitest";
import { proxyFromEnvironment } from "../../../src/runtime/transport/grpc-h2/node/proxy-environment.js";

const at = (name: string) => `http://${name}.proxy:3128`;
const all = {
  grpc_proxy: at("a"),
  GRPC_PROXY: at("b"),
  https_proxy: at("c"),
  HTTPS_PROXY: at("d"),
  http_proxy: at("e"),
};

describe("which proxy (grpc's doc/environment_variables.md; capitals as curl has them)", () => {
  test.each(Object.keys(all).map((name, index) => [name, index] as const))("%s is the %ith", (variable, index) => {
    const env = Object.fromEntries(Object.entries(all).slice(index));
    expect(proxyFromEnvironment("host", 443, env)).toEqual({ url: env[variable], variable });
  });

  test.each([
    [{}],
    [{ HTTP_PROXY: at("cgi") }],
    [{ all_proxy: "socks5://a:1" }],
    [{ https_proxy: "" }],
    [{ grpc_proxy: " " }],
  ])("none: %j", (env) => {
    expect(proxyFromEnvironment("host", 443, env)).toBeUndefined();
  });

  test("a variable that is set to nothing is passed over", () => {
    const env = { grpc_proxy: "", https_proxy: ` ${at("c")} ` };
    expect(proxyFromEnvironment("host", 443, env)).toEqual({ url: at("c"), variable: "https_proxy" });
  });

  test.each(["localhost", "LOCALHOST", "127.0.0.1", "127.9.8.7", "::1"])("%s is this machine", (host) => {
    expect(proxyFromEnvironment(host, 443, all)).toBeUndefined();
  });

  test.each(["localhost.example.com", "notlocalhost", "128.0.0.1", "::2"])("%s is not", (host) => {
    expect(proxyFromEnvironment(host, 443, all)?.variable).toBe("grpc_proxy");
  });
});

describe("which hosts go without", () => {
  test.each([
    ["*", "anything.example.com", true],
    ["example.com", "example.com", true],
    ["example.com", "EXAMPLE.com", true],
    ["EXAMPLE.com", "example.com", true],
    ["example.com", "example.com.", true],
    ["example.com", "a.example.com", true],
    ["example.com", "evilexample.com", false],
    ["example.com", "example.com.evil", false],
    [".example.com", "example.com", false],
    [".example.com", "a.b.example.com", true],
    [".example.com", "aexample.com", false],
    ["*.example.com", "a.example.com", true],
    ["*.example.com", "example.com", false],
    ["other.net, example.com", "example.com", true],
    ["other.net example.com", "example.com", true],
    [",,  ,example.com,", "example.com", true],
    [" , ", "example.com", false],
    ["example.com:443", "example.com", true],
    ["example.com:80", "example.com", false],
    ["example.com:80", "a.example.com", false],
    ["10.1.2.3", "10.1.2.3", true],
    ["10.1.2.3", "10.1.2.30", false],
    ["10.1.2.3:443", "10.1.2.3", true],
    ["10.1.2.3:80", "10.1.2.3", false],
    ["10.0.0.0/8", "10.255.1.1", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["10.0.0.0/8", "host", false],
    ["10.1.2.3/32", "10.1.2.3", true],
    ["10.1.2.3/0", "99.1.2.3", true],
    ["10.0.0.0/33", "10.0.0.1", false],
    ["10.0.0/8", "10.0.0.1", false],
    ["fd00::/8", "fd12::1", true],
    ["fd00::/8", "fe80::1", false],
    ["fd00::/129", "fd00::1", false],
    ["fd00::1", "fd00:0::1", true],
    ["[fd00::1]", "fd00::1", true],
    ["[fd00::1]:443", "fd00::1", true],
    ["[fd00::1]:80", "fd00::1", false],
    ["10.0.0.0/8", "fd00::1", false],
  ])("no_proxy=%s, %s: %s", (list, host, direct) => {
    const proxy = proxyFromEnvironment(host, 443, { https_proxy: at("c"), no_proxy: list });
    expect(proxy === undefined).toBe(direct);
  });

  test.each(
    ["no_grpc_proxy", "NO_GRPC_PROXY", "no_proxy", "NO_PROXY"].map(
      (name, i, names) => [name, names.slice(i + 1)] as const,
    ),
  )("%s stands before %j", (first, others) => {
    const rest = Object.fromEntries(others.map((name) => [name, "other.net"]));
    const env = { https_proxy: at("c"), ...rest, [first]: "example.com" };
    expect(proxyFromEnvironment("example.com", 443, env)).toBeUndefined();
    expect(proxyFromEnvironment("other.net", 443, env)?.url).toBe(at("c"));
  });
});
