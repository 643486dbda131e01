import { describe, expect, test } from "vitest";
import { project } from "./support/project.js";

const proto = (rpcs: string): string =>
  `syntax = "proto3";\npackage weather.v1;\nservice Weather {\n${rpcs}}\nservice Other {}\nmessage M {}\n`;
const now = "  rpc Now(M) returns (M);\n";
const watch = "  rpc Watch(M) returns (stream M);\n";

describe("gen-stubs skeleton", () => {
  test("writes a class, lets it grow, and checks it", async () => {
    const p = project({ "protos/weather.proto": proto(now) });
    const args = ["skeleton", "weather.v1.Weather", "protos", "-o", "src/gen", "--to", "src/weather.ts"];
    const missing = await p.run(...args, "--check");
    expect(missing).toMatchObject({ code: 1, stderr: "" });
    expect(missing.stdout).toContain("  missing now\n");
    expect(p.has("src/weather.ts")).toBe(false);

    const first = await p.run(...args);
    expect(first).toEqual({
      code: 0,
      stdout: "Wrote src/weather.ts: class WeatherImplementation with 1 method to fill in\n",
      stderr: "",
    });
    expect(p.read("src/weather.ts")).toContain('from "./gen/weather_grpc.js"');
    expect(await p.run(...args, "--check")).toMatchObject({ code: 0, stderr: "" });

    p.write("protos/weather.proto", proto(watch));
    const drift = await p.run(...args, "--check");
    expect(drift).toMatchObject({ code: 1, stderr: "" });
    expect(drift.stdout).toContain("  missing watch\n  no longer an rpc now\n");
    const json = JSON.parse((await p.run(...args, "--check", "--json")).stdout);
    expect(json).toMatchObject({ ok: false, exitCode: 1, mode: "check", added: ["watch"], removed: ["now"] });
    expect(json.faults).toMatchObject([{ code: "GS7003", file: "src/weather.ts" }]);

    const grown = await p.run(...args);
    expect(grown.stdout).toBe(
      "Extended src/weather.ts: class WeatherImplementation\n  added watch\n  marked, its rpc is gone: now\n",
    );
    expect((await p.run(...args)).stdout).toContain("nothing to add");
    expect(p.list(".")).toEqual(["protos/weather.proto", "src/weather.ts"]);
  });

  test("says what is wrong with its arguments, the service and the file", async () => {
    const p = project({ "protos/weather.proto": proto(now), "src/broken.ts": "class A {\n  now( {\n" });
    const run = (...args: string[]) => p.run("skeleton", ...args, "-o", "src/gen");
    expect(await run("weather.v1.Weather", "protos")).toMatchObject({
      code: 2,
      stderr: "error GS1003: --to is missing: give the file to write\n",
    });
    expect((await run("Weather", "protos", "--to", "a.js")).stderr).toContain(
      'GS1002: --to: "a.js" is no TypeScript file',
    );
    expect((await run("Weather", "protos", "--to", "a.ts", "--style", "x")).stderr).toContain("GS1002: --style");
    const unknown = await run("weather.v1.Wether", "protos", "--to", "a.ts");
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain(
      'error GS7002: no service "weather.v1.Wether" in these files (did you mean "weather.v1.Weather"?)\n' +
        "  → there is weather.v1.Weather, weather.v1.Other\n",
    );
    const broken = await run("Weather", "protos", "--to", "src/broken.ts");
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/^src\/broken\.ts:\d+:\d+: error GS7001: it cannot be parsed as TypeScript: /);
    expect(p.read("src/broken.ts")).toBe("class A {\n  now( {\n");
  });
});
